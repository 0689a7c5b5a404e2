package evidence

import (
	"crypto/rand"
	"encoding/binary"
	"io"
	"sync"
	"time"
)

// crockford is the alphabet of an ID: no letter that looks like a digit, and in
// the order of its bytes, so that IDs sort as text.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// idTail is how many random bytes follow the six bytes of time.
const idTail = 10

// IDs makes the IDs of exchanges: 26 letters and digits, 48 bits of milliseconds
// and 80 of randomness (the ULID layout). IDs of one generator sort in the
// order they were made in, also within a millisecond and when the clock steps
// back. It is safe for concurrent use.
type IDs struct {
	clock  func() time.Time
	random io.Reader

	mu     sync.Mutex
	millis uint64
	tail   [idTail]byte
}

// NewIDs returns a generator. A nil clock is time.Now, a nil random is
// crypto/rand; when random fails to read, IDs go on by counting.
func NewIDs(clock func() time.Time, random io.Reader) *IDs {
	if clock == nil {
		clock = time.Now
	}
	if random == nil {
		random = rand.Reader
	}
	return &IDs{clock: clock, random: random}
}

// Next returns a new ID.
func (g *IDs) Next() string {
	now := uint64(max(0, g.clock().UnixMilli()))
	g.mu.Lock()
	if now > g.millis {
		g.millis = now
		if _, err := io.ReadFull(g.random, g.tail[:]); err != nil {
			g.count()
		}
		g.tail[0] &= 0x7f // leaves 2^79 steps before the tail overflows
	} else {
		g.count()
	}
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], g.millis<<16)
	copy(raw[6:], g.tail[:])
	g.mu.Unlock()
	return encodeID(raw)
}

// count adds one to the tail.
func (g *IDs) count() {
	for i := idTail - 1; i >= 0; i-- {
		g.tail[i]++
		if g.tail[i] != 0 {
			return
		}
	}
	g.millis++
}

// encodeID writes 128 bits as 26 letters, most significant first.
func encodeID(raw [16]byte) string {
	hi, lo := binary.BigEndian.Uint64(raw[:8]), binary.BigEndian.Uint64(raw[8:])
	var out [26]byte
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = crockford[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(out[:])
}
