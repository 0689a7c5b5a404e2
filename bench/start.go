package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/contract"
)

const (
	// childArgument makes the program a process that starts, checks and ends.
	childArgument = "start-and-check"
	// keptGoal is what a large document should keep in memory, in MB, and
	// keptFloor what -gate insists on.
	keptGoal, keptFloor = 10, 30
	starts              = 7
)

// apiDocuments are the contracts of the project.
var apiDocuments = []string{"openapi-v1.yaml", "openapi-v2.yaml", "openapi-maia.yaml", "callbacks.yaml"}

// start loads the project's contracts, checks one message and prints how much
// memory it took.
func start(stdout, stderr io.Writer) int {
	var v2 *contract.Contract
	for _, name := range apiDocuments {
		c, err := contract.Load(api.FS, name, contract.Config{})
		if err != nil {
			fmt.Fprintln(stderr, err)
			return 3
		}
		if name == "openapi-v2.yaml" {
			v2 = c
		}
	}
	request := ourRequest(v2Path, []byte(`{"platform":"fax"}`))
	if r := v2.CheckRequest(request); r.Account != contract.AccountValidated || !r.Blocking() {
		fmt.Fprintf(stderr, "bench: error: account %s, findings %v\n", r.Account, r.Findings)
		return 3
	}
	fmt.Fprintln(stdout, resident())
	return 0
}

// resident is the most memory that the process had, in KB, as Linux tells it;
// 0 elsewhere.
func resident() int {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	kb := 0
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			_, _ = fmt.Sscan(value, &kb) // 0 when it is something else
		}
	}
	return kb
}

// reportStart prints what loading costs, and returns the goals not reached.
func reportStart(stdout io.Writer) (short []shortfall, err error) {
	text, _ := generated(manyOperations)
	fsys := fstest.MapFS{"generated.yaml": {Data: []byte(text)}}
	ours, ourTime, ourMB, err := kept(func() (any, error) { return contract.Load(fsys, "generated.yaml", contract.Config{}) })
	if err != nil {
		return nil, err
	}
	theirs, theirTime, theirMB, err := kept(func() (any, error) { return kinLoad(text) })
	if err != nil {
		return nil, err
	}
	runtime.KeepAlive(ours)
	runtime.KeepAlive(theirs)
	fmt.Fprintf(stdout, "\nloading %d operations (%d KB of YAML)\n", manyOperations, len(text)>>10)
	fmt.Fprintf(stdout, "  contract.Load              %7.0f ms CPU  %5.1f MB kept (goal %d, floor %d)\n", ourTime, ourMB, keptGoal, keptFloor)
	fmt.Fprintf(stdout, "  kin loader and gorillamux  %7.0f ms CPU  %5.1f MB kept\n", theirTime, theirMB)
	if ourMB > keptGoal {
		text := fmt.Sprintf("loading %d operations: %.1f MB kept, the goal is %d, the floor %d", manyOperations, ourMB, keptGoal, keptFloor)
		short = append(short, shortfall{text, ourMB > keptFloor})
	}
	return short, reportChild(stdout)
}

// kinLoad is what is set up to check with kin-openapi.
func kinLoad(text string) (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromData([]byte(text))
	if err != nil {
		return nil, err
	}
	return gorillamux.NewRouter(doc)
}

// kept is the CPU time that making something takes, in milliseconds, and the
// memory that it keeps, in MB.
func kept(made func() (any, error)) (v any, ms, mb float64, err error) {
	before := heap()
	from := cpu()
	v, err = made()
	ms = float64((cpu() - from).Microseconds()) / 1000
	return v, ms, (heap() - before) / (1 << 20), err
}

// heap is what is in use after everything that can be collected was.
func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// reportChild starts this program anew and prints how long it took from the
// start of the process to the first checked message of the project's contracts.
func reportChild(stdout io.Writer) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var wall, used, memory []float64
	for range starts {
		child := exec.Command(self, childArgument)
		child.Stderr = os.Stderr
		from := time.Now()
		out, err := child.Output()
		if err != nil {
			return err
		}
		wall = append(wall, float64(time.Since(from).Microseconds())/1000)
		state := child.ProcessState
		used = append(used, float64((state.UserTime()+state.SystemTime()).Microseconds())/1000)
		kb := 0
		if _, err := fmt.Sscan(string(out), &kb); err != nil {
			return fmt.Errorf("what the started process printed: %w", err)
		}
		memory = append(memory, float64(kb)/1024)
	}
	fmt.Fprintf(stdout, "process start to first checked message, %d contracts: median %.0f ms, %.0f ms CPU, %.0f MB resident at most\n",
		len(apiDocuments), median(wall), median(used), median(memory))
	return nil
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[len(values)/2]
}
