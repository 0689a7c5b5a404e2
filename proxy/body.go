package proxy

import (
	"errors"
	"io"
	"sync"
	"sync/atomic"
)

// body is what was seen of a message's body.
type body struct {
	bytes    []byte // nothing when oversize
	length   int64
	oversize bool
	whole    bool // it was seen to its end
}

// sharedBody is a pooled buffer that goes back when its last user is done.
type sharedBody struct {
	pools *pools
	buf   *[]byte
	users atomic.Int32
}

// share takes over buf for one user.
func share(p *pools, buf *[]byte) *sharedBody {
	s := &sharedBody{pools: p, buf: buf}
	s.users.Store(1)
	return s
}

// release ends one use. It may be called on nil.
func (s *sharedBody) release() {
	if s != nil && s.users.Add(-1) == 0 {
		s.pools.release(s.buf)
	}
}

// reader returns a reader of the bytes that is a user until it is closed.
func (s *sharedBody) reader() *heldReader {
	s.users.Add(1)
	return &heldReader{shared: s}
}

// heldReader reads a shared body. The transport may close it while it reads,
// and from another goroutine, so both hold the lock.
type heldReader struct {
	shared *sharedBody
	mu     sync.Mutex
	offset int
	closed bool
}

var errClosedBody = errors.New("body is closed")

func (r *heldReader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return 0, errClosedBody
	}
	data := *r.shared.buf
	if r.offset == len(data) {
		return 0, io.EOF
	}
	n := copy(p, data[r.offset:])
	r.offset += n
	return n, nil
}

func (r *heldReader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.closed = true
		r.shared.release()
	}
	return nil
}
