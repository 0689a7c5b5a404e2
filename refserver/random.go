package refserver

import (
	"io"
	"sync"
)

// lockedReader serialises reads, so that any source of randomness may be
// given.
type lockedReader struct {
	mu     sync.Mutex
	reader io.Reader
}

// Read reads from the source.
func (r *lockedReader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reader.Read(p)
}
