package refserver

import (
	"sync"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/contract"
)

// management is the document of the management.
const management = "management.yaml"

// loaded holds the contracts with their default limits. They do not change once
// loaded and loading one takes longer than all else at a start, so the servers of
// a process, of which tests make many, share them.
var loaded = map[string]func() (*contract.Contract, error){
	"openapi-v1.yaml":   loadOnce("openapi-v1.yaml"),
	"openapi-v2.yaml":   loadOnce("openapi-v2.yaml"),
	"openapi-maia.yaml": loadOnce("openapi-maia.yaml"),
}

func loadOnce(name string) func() (*contract.Contract, error) {
	return sync.OnceValues(func() (*contract.Contract, error) {
		return contract.Load(api.FS, name, contract.Config{})
	})
}

// loadContract loads an embedded document; a limit of 0 is the default.
func loadContract(name string, maxBodyBytes int) (*contract.Contract, error) {
	if shared, ok := loaded[name]; ok && maxBodyBytes == 0 {
		return shared()
	}
	return contract.Load(api.FS, name, contract.Config{MaxBodyBytes: maxBodyBytes})
}

// loadAhead begins to load the shared contracts, beside what else a start has to
// do, and returns a function that waits for it.
func loadAhead() (wait func()) {
	var loading sync.WaitGroup
	for _, load := range loaded {
		// An error is kept with the contract, for who asks for it.
		loading.Go(func() { _, _ = load() })
	}
	return loading.Wait
}
