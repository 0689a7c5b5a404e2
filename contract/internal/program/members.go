package program

import (
	"bytes"
	"hash/maphash"
	"unicode"
	"unicode/utf8"
)

// other is the name of a member without a field, kept to notice when it comes
// back.
type other struct {
	// start and end are where the name stands: in the arena when escaped was
	// set, else in the body.
	start, end int
	escaped    bool
	// hash is that of the name without regard to case.
	hash uint64
}

// pairwiseNames is how many unknown names are compared one by one before a
// table pays.
const pairwiseNames = 12

// remember notices an unknown name that its object has twice, or twice but for
// case, and one that is declared but for case, whether or not the declared
// member is there: a decoder that does not mind case takes it for that. twin
// says that it is one of those.
func (m *machine) remember(r *objectRules, f *objectFrame, name []byte, nameAt int, escaped bool) (twin, goOn bool) {
	o := other{escaped: escaped, start: nameAt + 1, end: nameAt + 1 + len(name)}
	if escaped {
		o.start, o.end = len(m.arena)-len(name), len(m.arena)
	}
	m.text = appendFolded(m.text[:0], name)
	o.hash = maphash.Bytes(hashSeed, m.text)
	declared := r.folded.find(m.text)
	same, fold := m.recall(f, &o, name)
	m.keep(f, o)
	switch {
	case same:
		return declared >= 0, m.fail(factDuplicate, nameAt)
	case declared >= 0:
		return true, m.collects() && m.add(Finding{
			Fact: r.declaredTwin, Pointer: m.pointer(), Offset: nameAt, Suggestion: r.fields[r.foldedField[declared]].name,
		})
	case fold:
		return false, m.fail(factCaseTwin, nameAt)
	}
	return false, true
}

// recall looks for a name among those of the object: for itself, and for one
// that differs in case alone.
func (m *machine) recall(f *objectFrame, o *other, name []byte) (same, fold bool) {
	earlier := m.others[f.others:]
	if f.tableSize == 0 {
		for i := range earlier {
			if earlier[i].hash == o.hash {
				m.compare(&earlier[i], name, &same, &fold)
			}
		}
		return same, fold
	}
	table := m.slots[f.table : f.table+f.tableSize]
	mask := uint64(f.tableSize - 1)
	for slot := o.hash & mask; table[slot] != 0; slot = (slot + 1) & mask {
		if e := &earlier[table[slot]-1]; e.hash == o.hash {
			m.compare(e, name, &same, &fold)
			if same {
				break
			}
		}
	}
	return same, fold
}

// compare tells apart equal names and those that are equal but for case.
func (m *machine) compare(e *other, name []byte, same, fold *bool) {
	if bytes.Equal(m.nameOf(e), name) {
		*same = true
		return
	}
	*fold = true
}

// nameOf is the name without its escapes.
func (m *machine) nameOf(e *other) []byte {
	if e.escaped {
		return m.arena[e.start:e.end]
	}
	return m.body[e.start:e.end]
}

// keep adds a name to those of the object. Names that come back are kept too,
// so that the table never holds fewer than it was told.
func (m *machine) keep(f *objectFrame, o other) {
	m.others = append(m.others, o)
	count := len(m.others) - f.others
	switch {
	case count <= pairwiseNames:
		return
	case count*2 > f.tableSize:
		f.tableSize = max(64, f.tableSize*4)
		f.table = len(m.slots)
		m.slots = grow(m.slots, f.tableSize)
		for i := range count {
			m.place(f, i)
		}
	default:
		m.place(f, count-1)
	}
}

// place enters the name with the given number into the table.
func (m *machine) place(f *objectFrame, i int) {
	table := m.slots[f.table : f.table+f.tableSize]
	mask := uint64(f.tableSize - 1)
	slot := m.others[f.others+i].hash & mask
	for table[slot] != 0 {
		slot = (slot + 1) & mask
	}
	table[slot] = int32(i + 1)
}

// appendFolded appends name with every character replaced by the least of those
// that differ from it in case alone.
func appendFolded(dst, name []byte) []byte {
	for i := 0; i < len(name); {
		c := name[i]
		if c < utf8.RuneSelf {
			if c-'a' <= 'z'-'a' {
				c -= 'a' - 'A'
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRune(name[i:])
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		if r == utf8.RuneError && size == 1 {
			dst = append(dst, c)
		} else {
			dst = utf8.AppendRune(dst, least)
		}
		i += size
	}
	return dst
}
