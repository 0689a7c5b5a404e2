package program

import (
	"encoding/binary"
	"math/bits"
)

// names finds the index of a string in a fixed list, in constant time and
// without allocating: by a table without collisions when one is found, by a map
// else.
type names struct {
	keys  []string
	slots []uint16 // index plus one, 0 for none
	mul   uint64
	shift uint8
	byKey map[string]int
}

const (
	namesTries    = 64
	namesMaxSlack = 16
	namesMaxTable = 1 << 12
)

// newNames makes a finder; keys must be distinct.
func newNames(keys []string) names {
	n := names{keys: keys}
	if len(keys) == 0 {
		return n
	}
	for size := 1 << bits.Len(uint(len(keys))); size <= min(namesMaxTable, len(keys)*namesMaxSlack); size *= 2 {
		mul := uint64(0x9E3779B97F4A7C15)
		for range namesTries {
			if n.try(size, mul) {
				return n
			}
			mul = mul*6364136223846793005 + 1442695040888963407 | 1
		}
	}
	n.slots = nil
	n.byKey = make(map[string]int, len(keys))
	for i, k := range keys {
		n.byKey[k] = i
	}
	return n
}

// try fills a table of the given size, a power of two, if no two keys meet.
func (n *names) try(size int, mul uint64) bool {
	n.slots = make([]uint16, size)
	n.mul = mul
	n.shift = uint8(64 - bits.TrailingZeros(uint(size)))
	for i, k := range n.keys {
		slot := (mixName([]byte(k)) * mul) >> n.shift
		if n.slots[slot] != 0 {
			return false
		}
		n.slots[slot] = uint16(i + 1)
	}
	return true
}

// find is the index of key, -1 when it is not in the list.
func (n *names) find(key []byte) int {
	if n.slots == nil {
		if i, ok := n.byKey[string(key)]; ok {
			return i
		}
		return -1
	}
	i := int(n.slots[(mixName(key)*n.mul)>>n.shift]) - 1
	if i >= 0 && n.keys[i] != string(key) {
		return -1
	}
	return i
}

// mixName folds length, beginning and end of a name into one word. Names that
// differ only in the middle meet; the table's maker notices.
func mixName(b []byte) uint64 {
	n := len(b)
	switch {
	case n >= 8:
		return binary.LittleEndian.Uint64(b) ^ bits.RotateLeft64(binary.LittleEndian.Uint64(b[n-8:]), 23) ^ uint64(n)<<56
	case n >= 4:
		return uint64(binary.LittleEndian.Uint32(b)) ^ uint64(binary.LittleEndian.Uint32(b[n-4:]))<<27 ^ uint64(n)<<59
	case n > 0:
		return uint64(b[0]) | uint64(b[n>>1])<<8 | uint64(b[n-1])<<16 | uint64(n)<<24
	default:
		return 0
	}
}
