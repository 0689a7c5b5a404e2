package store

import (
	"errors"
	"fmt"
	"os"
)

// errLocked is what lockFile returns when another process holds the lock.
var errLocked = errors.New("in use by another process")

// acquireLock takes the exclusive lock at path. The operating system releases
// it when the process ends, however it ends, so that a stale file is no
// obstacle; the file itself stays, because removing it would let two processes
// lock two different files of one name. Holding it is what allows the boot to
// take over the jobs of a dead process without asking whether it is dead.
func acquireLock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock file: %w", err)
	}
	if err := lockFile(file); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w; stop that process or choose another database", path, err), file.Close())
	}
	return file, nil
}
