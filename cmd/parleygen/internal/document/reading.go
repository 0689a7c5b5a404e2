package document

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"

	"github.com/speakeasy-api/openapi/overlay"
	"gopkg.in/yaml.v3"
)

// readingName is an entry of the register and one of its readings.
var readingName = regexp.MustCompile(`^([AB]-[0-9]{2})=([a-z])$`)

// layer is a reading that is taken, and the files it changes.
type layer struct {
	reading string
	files   []string
	overlay *overlay.Overlay
}

// With returns a library whose contracts take another reading, given as
// A-33=b, besides those that this one takes. The error wraps ErrUnknown if
// there is no such reading; the contracts' own readings have no name here.
func (l Library) With(reading string) (Library, error) {
	match := readingName.FindStringSubmatch(reading)
	if match == nil {
		return l, fmt.Errorf("reading %q: not of the form A-33=b: %w", reading, ErrUnknown)
	}
	known, err := l.Readings()
	if err != nil {
		return l, err
	}
	if !slices.Contains(known, reading) {
		return l, fmt.Errorf("reading %q: %w", reading, ErrUnknown)
	}
	file := path.Join(readingDir, match[1]+"-"+match[2]+".yaml")
	parsed, err := l.overlay(file)
	if err != nil {
		return l, err
	}
	files, err := targets(parsed)
	if err != nil {
		return l, fmt.Errorf("parse %s: %w", file, err)
	}
	l.layers = append(slices.Clone(l.layers), layer{reading: reading, files: files, overlay: parsed})
	return l, nil
}

// targets returns the files that a reading changes: the one it extends, or the
// ones in x-extends, which are written relative to the reading's own folder.
func targets(reading *overlay.Overlay) ([]string, error) {
	var named []string
	if reading.Extends != "" {
		named = append(named, reading.Extends)
	}
	if more, found := reading.Extensions["x-extends"]; found {
		list, _ := more.([]any)
		for _, item := range list {
			name, _ := item.(string)
			named = append(named, name)
		}
	}
	if len(named) == 0 {
		return nil, errors.New("it has neither extends nor x-extends")
	}
	for i, name := range named {
		named[i] = path.Join(readingDir, name)
		if !fs.ValidPath(named[i]) {
			return nil, fmt.Errorf("extends %q: outside the library", name)
		}
	}
	return named, nil
}

// apply changes a document that the reading is about. A target that is missing
// is an error: the contract has moved on, or another reading has taken it away.
// Of a reading about several documents, each has only some of the targets.
func (r layer) apply(document *yaml.Node, file string) error {
	var err error
	if len(r.files) == 1 {
		_, err = r.overlay.ApplyToStrict(document)
	} else {
		err = r.overlay.ApplyTo(document)
	}
	if err != nil {
		return fmt.Errorf("reading %q: apply to %s: %w", r.reading, file, err)
	}
	return nil
}

// Affects tells whether a reading changes a contract, or a document that the
// contract refers to. The errors are those of With and Open.
func (l Library) Affects(reading, contract string) (bool, error) {
	var versions [2][]byte
	changed, err := l.With(reading)
	if err != nil {
		return false, err
	}
	for i, library := range []Library{l, changed} {
		opened, err := library.Open(contract)
		if err != nil {
			return false, err
		}
		if versions[i], err = opened.YAML(); err != nil {
			return false, err
		}
	}
	return string(versions[0]) != string(versions[1]), nil
}
