package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/parley-contracts/parley/cmd/parleygen/internal/document"
	"github.com/parley-contracts/parley/cmd/parleygen/internal/generate"
)

// callbacksName is the contract that holds what vendors call on integrations.
const callbacksName = "callbacks"

// callbackTags are the tags in it that belong to a contract. V1 answers are
// fetched and not sent, so it has none.
func callbackTags(contract string) []string {
	switch contract {
	case "openapi-v2":
		return []string{"MAAX"}
	case "openapi-maia":
		return []string{"MAIA"}
	default:
		return nil
	}
}

// target is what to write code for.
type target struct {
	document   string
	operations []string // none means all
}

// target finds the document and its operations that the command line asks for.
func (c commandLine) target(library document.Library) (target, error) {
	_, err := library.Open(c.contract)
	if errors.Is(err, document.ErrUnknown) {
		names, listErr := library.Names()
		if listErr != nil {
			return target{}, failed(listErr, "")
		}
		return target{}, misused("use one of "+strings.Join(names, ", "), "%w", err)
	}
	if err != nil {
		return target{}, failed(err, "")
	}
	if !c.callbacks || c.contract == callbacksName {
		return target{document: c.contract}, nil
	}
	calls, err := library.Open(callbacksName)
	if err != nil {
		return target{}, failed(err, "")
	}
	tags := callbackTags(c.contract)
	operations := calls.Operations(tags...)
	if len(tags) == 0 || len(operations) == 0 {
		return target{}, misused("use -contract openapi-v2, -contract openapi-maia, or -contract callbacks for all",
			"contract %q: it has no callbacks", c.contract)
	}
	return target{document: callbacksName, operations: operations}, nil
}

// render returns the text to write.
func (c commandLine) render(library document.Library, from target) ([]byte, error) {
	contract, err := library.Open(from.document)
	if err != nil {
		return nil, err
	}
	if c.simplify || !c.document {
		if err := contract.Simplify(); err != nil {
			return nil, err
		}
	}
	text, err := contract.YAML()
	if err != nil || c.document {
		return text, err
	}
	return generate.Code(text, generate.Options{
		Package:    c.pkg,
		Origin:     c.origin(),
		Client:     c.client,
		Server:     c.server || c.callbacks,
		Operations: from.operations,
	})
}

// origin is what the header says that the code was made by and from.
func (c commandLine) origin() string {
	version := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	text := "parleygen " + version + " from " + c.contract
	if c.callbacks {
		text += " callbacks"
	}
	if len(c.readings) > 0 {
		text += " with " + c.readings.String()
	}
	return text
}

// write puts output into the file named by -o, whole or not at all, or on
// stdout.
func (c commandLine) write(output []byte, stdout io.Writer) error {
	if c.output == "" {
		if _, err := stdout.Write(output); err != nil {
			return failed(fmt.Errorf("write to standard output: %w", err), "")
		}
		return nil
	}
	const hint = "create the folder first, or name another file with -o"
	file, err := os.CreateTemp(filepath.Dir(c.output), ".parleygen-*")
	if err != nil {
		return failed(err, hint)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // fails once the file is renamed
	_, err = file.Write(output)
	err = errors.Join(err, file.Chmod(0o644), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), c.output)
	}
	if err != nil {
		return failed(fmt.Errorf("write %s: %w", c.output, err), hint)
	}
	return nil
}
