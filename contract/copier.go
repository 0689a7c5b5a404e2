package contract

import (
	"io"
	"sync"
)

// copier is a body that keeps a copy of what is read from it, up to a limit.
type copier struct {
	source io.ReadCloser
	limit  int
	length int64
	// finished is called once, when the body ends or is closed.
	finished func()

	mu       sync.Mutex
	kept     []byte
	read     int64
	done     bool
	oversize bool
	once     sync.Once
}

// newCopier makes a copier for a body of the given length, -1 when it is not
// known.
func newCopier(limit int, length int64) *copier { return &copier{limit: limit, length: length} }

func (c *copier) Read(p []byte) (int, error) {
	n, err := c.source.Read(p)
	c.mu.Lock()
	c.read += int64(n)
	if room := c.limit - len(c.kept); n > room {
		c.kept, c.oversize = append(c.kept, p[:room]...), true
	} else {
		c.kept = append(c.kept, p[:n]...)
	}
	c.done = c.done || err == io.EOF
	c.mu.Unlock()
	if err != nil {
		c.finish()
	}
	return n, err
}

// Close closes the body it copies.
func (c *copier) Close() error {
	err := c.source.Close()
	c.finish()
	return err
}

func (c *copier) finish() {
	if c.finished != nil {
		c.once.Do(c.finished)
	}
}

// copied is the copy so far. whole says that it is all there was.
func (c *copier) copied() (body []byte, whole, oversize bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	whole = c.done || c.length >= 0 && c.read == c.length && c.source != nil
	return c.kept, whole && !c.oversize, c.oversize
}
