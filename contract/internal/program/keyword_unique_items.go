package program

import "math/bits"

// uniqueItems compiles the uniqueItems keyword.
func (c *compilation) uniqueItems(e elem, r *arrayRules) {
	if !e.s.UniqueItems {
		return
	}
	r.unique = append(r.unique, c.fact(e.s, "uniqueItems", KindUniqueItems))
	r.perItem = true
}

// pairwise is how many items are compared with each other before a table pays.
const pairwise = 8

// uniqueItems checks the digests of an array's items. A repeated item is
// reported at its own place.
func (m *machine) uniqueItems(facts []*Fact, f *arrayFrame) bool {
	items := m.digests[f.digests:]
	if len(items) <= pairwise {
		for i := range items {
			for j := range i {
				if items[j] == items[i] {
					if !m.repeated(facts, i, f.start) {
						return false
					}
					break
				}
			}
		}
		return true
	}
	base := len(m.slots)
	size := 2 << bits.Len(uint(len(items)))
	m.slots = grow(m.slots, size)
	table := m.slots[base:]
	mask := uint64(size - 1)
	for i := range items {
		slot := items[i].a & mask
		for ; table[slot] != 0; slot = (slot + 1) & mask {
			if items[table[slot]-1] == items[i] {
				break
			}
		}
		if table[slot] == 0 {
			table[slot] = int32(i + 1)
			continue
		}
		if !m.repeated(facts, i, f.start) {
			return false
		}
	}
	m.slots = m.slots[:base]
	return true
}

// repeated reports an item that equals an earlier one.
func (m *machine) repeated(facts []*Fact, index, at int) bool {
	if !m.collects() {
		return false
	}
	m.path = append(m.path, step{start: index})
	for _, fact := range facts {
		if !m.report(fact, at) {
			return false
		}
	}
	m.path = m.path[:len(m.path)-1]
	return true
}

// grow appends n zeros.
func grow[T int32 | uint64](s []T, n int) []T {
	base := len(s)
	if cap(s) < base+n {
		return append(s, make([]T, n)...)
	}
	s = s[:base+n]
	clear(s[base:])
	return s
}
