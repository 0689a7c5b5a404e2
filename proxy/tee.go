package proxy

import (
	"errors"
	"io"
	"sync"
)

// tee keeps what passes by, up to a limit. Whoever reads the body and whoever
// checks it may be different goroutines.
type tee struct {
	pools *pools
	limit int64
	// also is given all that is read, before add returns; nil for nobody.
	also func(p []byte)

	mu     sync.Mutex
	buf    *[]byte // nil once beyond the limit or released
	length int64
	whole  bool
	err    error // that reading came to, other than its end
	over   bool
	closed bool
}

func newTee(p *pools, limit int64) *tee {
	return &tee{pools: p, limit: limit, buf: p.body()}
}

// add notes bytes that were read, and the error that came with them.
func (t *tee) add(p []byte, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	t.length += int64(len(p))
	if t.also != nil {
		t.also(p)
	}
	if !t.over && t.length > t.limit {
		t.over = true
		t.pools.release(t.buf)
		t.buf = nil
	}
	if t.buf != nil {
		*t.buf = append(*t.buf, p...)
	}
	switch {
	case errors.Is(err, io.EOF):
		t.whole = true
	case err != nil:
		t.err = err
	}
}

// broken is the error that reading the body came to, nil for none.
func (t *tee) broken() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

// ended reports whether the body came to its end.
func (t *tee) ended() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.whole
}

// take ends the tee and returns what it kept, valid until release.
func (t *tee) take() body {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	b := body{length: t.length, oversize: t.over, whole: t.whole}
	if t.buf != nil {
		b.bytes = *t.buf
	}
	return b
}

// release gives the buffer back. It may be called on nil.
func (t *tee) release() {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	t.pools.release(t.buf)
	t.buf = nil
}

// teeReader is a body that notes what is read from it.
type teeReader struct {
	io.ReadCloser
	tee *tee
	// atEnd is called when the body came to its end, before EOF is returned.
	atEnd func()
}

func (r *teeReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.tee.add(p[:n], err)
	if r.atEnd != nil && errors.Is(err, io.EOF) {
		r.atEnd()
	}
	return n, err
}
