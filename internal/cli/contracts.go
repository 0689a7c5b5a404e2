package cli

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/contract"
)

// callbacksName is the contract that holds what vendors call on integrations.
const callbacksName = "callbacks"

// embedded are the names of the contracts that come with the program, without
// the callbacks and what has no operations of its own.
func embedded() []string {
	files, err := fs.Glob(api.FS, "openapi-*.yaml")
	if err != nil {
		return nil
	}
	names := make([]string, 0, len(files))
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f, ".yaml"))
	}
	slices.Sort(names)
	return names
}

// loadContract loads an embedded contract by name, or a file.
func loadContract(name string, config contract.Config) (*contract.Contract, error) {
	known := append(embedded(), callbacksName)
	if slices.Contains(known, name) {
		c, err := contract.Load(api.FS, name+".yaml", config)
		if err != nil {
			return nil, failed(fmt.Errorf("load contract %s: %w", name, err), "")
		}
		return c, nil
	}
	if !strings.ContainsAny(name, "./\\") {
		return nil, misused(fmt.Errorf("contract %q: no such contract", name),
			"use one of "+strings.Join(known, ", ")+", or the path of an OpenAPI document")
	}
	c, err := contract.LoadFile(name, config)
	if err != nil {
		return nil, failed(fmt.Errorf("load contract %s: %w", name, err), "")
	}
	return c, nil
}

// loadSet loads several contracts; none means all embedded ones.
func loadSet(names []string, config contract.Config) (contract.Set, error) {
	if len(names) == 0 {
		names = embedded()
	}
	set := make(contract.Set, 0, len(names))
	for _, n := range names {
		c, err := loadContract(n, config)
		if err != nil {
			return nil, err
		}
		set = append(set, c)
	}
	return set, nil
}
