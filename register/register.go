package register

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"gopkg.in/yaml.v3"
)

// File is the name of the register beside the contracts.
const File = "register.yaml"

// version is the only layout of the file that this package reads.
const version = 1

// Register holds all entries. It is immutable and safe for concurrent use.
type Register struct {
	fsys    fs.FS
	entries []Entry
	byID    map[string]*Entry
}

// Load reads the file named File from fsys, strictly: an unknown member, an
// entry without a taken reading, a repeated id and the like are errors, all of
// which are returned at once. Expressions are not compiled, see Compile, and
// overlays not read, see Documents, for which fsys is kept.
func Load(fsys fs.FS) (*Register, error) {
	data, err := fs.ReadFile(fsys, File)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", File, err)
	}
	var content struct {
		Version int     `yaml:"version"`
		Entries []Entry `yaml:"entries"`
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&content); err != nil {
		return nil, fmt.Errorf("load %s: %w", File, err)
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("load %s: more than one document", File)
	}
	if content.Version != version {
		return nil, fmt.Errorf("load %s: version %d, this program reads version %d", File, content.Version, version)
	}
	if err := check(content.Entries); err != nil {
		return nil, fmt.Errorf("load %s: %w", File, err)
	}
	r := &Register{fsys: fsys, entries: content.Entries, byID: make(map[string]*Entry, len(content.Entries))}
	for i := range r.entries {
		r.byID[r.entries[i].ID] = &r.entries[i]
	}
	return r, nil
}

// Entries are all entries in the order of the file. The slice is the
// register's own and must not be changed.
func (r *Register) Entries() []Entry { return r.entries }

// Entry returns the entry with the given id, nil when there is none. It must
// not be changed.
func (r *Register) Entry(id string) *Entry { return r.byID[id] }
