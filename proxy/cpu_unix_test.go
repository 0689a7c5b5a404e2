//go:build unix

package proxy

import (
	"syscall"
	"time"
)

// cpuTime is the processor time that the process has used, which neighbours on
// the machine change less than they change the clock's.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
