package register

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/parley-contracts/parley/register/overlay"
)

// Choice is which readings to take in place of the taken ones: ids of readings
// by id of their entry, "b" for "A-33".
type Choice map[string]string

// ParseChoice reads readings such as "A-33=b". An entry may be named once.
// Whether there is such a reading is looked at by Documents.
func ParseChoice(texts ...string) (Choice, error) {
	choice := make(Choice, len(texts))
	for _, text := range texts {
		key, err := ParseKey(text)
		if err != nil {
			return nil, err
		}
		if _, twice := choice[key.Entry]; twice {
			return nil, fmt.Errorf("reading %q: entry %s is there twice", text, key.Entry)
		}
		choice[key.Entry] = key.Reading
	}
	return choice, nil
}

// Documents returns the file system that the register was loaded from, with the
// contracts changed by the overlays of the chosen readings, in the order of the
// entries' ids. A reading without an overlay changes nothing. The error names
// the reading that is not known, or whose overlay does not fit, as may be when
// two readings change the same place. Only files can be opened by name; folders
// are those of the original.
func (r *Register) Documents(choice Choice) (fs.FS, error) {
	changed := map[string][]byte{}
	for _, id := range slices.Sorted(maps.Keys(choice)) {
		key := Key{Entry: id, Reading: choice[id]}
		reading, err := r.reading(key)
		if err != nil {
			return nil, err
		}
		if reading.Overlay == "" {
			continue
		}
		if err := r.apply(reading.Overlay, changed); err != nil {
			return nil, fmt.Errorf("take the reading %s: %s: %w", key, reading.Overlay, err)
		}
	}
	return &patched{base: r.fsys, files: changed}, nil
}

// reading finds a reading or says that it is not known.
func (r *Register) reading(key Key) (*Reading, error) {
	entry := r.Entry(key.Entry)
	if entry == nil {
		return nil, fmt.Errorf("reading %s: the register has no entry %s", key, key.Entry)
	}
	reading := entry.Reading(key.Reading)
	if reading == nil {
		return nil, fmt.Errorf("reading %s: entry %s has no reading %s", key, key.Entry, key.Reading)
	}
	return reading, nil
}

// apply applies the overlay in file on top of what is changed already.
func (r *Register) apply(file string, changed map[string][]byte) error {
	data, err := fs.ReadFile(r.fsys, file)
	if err != nil {
		return err
	}
	o, err := overlay.Parse(data)
	if err != nil {
		return err
	}
	documents := make(map[string][]byte, len(o.Documents))
	for _, name := range o.Documents {
		if data, ok := changed[name]; ok {
			documents[name] = data
			continue
		}
		if documents[name], err = fs.ReadFile(r.fsys, name); err != nil {
			return err
		}
	}
	after, err := o.Apply(documents)
	if err != nil {
		return err
	}
	maps.Copy(changed, after)
	return nil
}
