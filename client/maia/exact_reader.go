package maia

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
)

const (
	chunkBytes = 32 << 10
	// maxEmptyReads is how often content may return nothing at its end.
	maxEmptyReads = 100
)

var errStopped = errors.New("the call is over")

// exactReader reads a content of a known length for the body of a request. The
// transport would cut a longer one, or find out when the host has already
// stored it, so the last bytes are held back until the content is known to end
// with them. The content is read on a goroutine of its own: the transport waits
// for a body's Read when the context has long ended.
type exactReader struct {
	content io.Reader
	size    int64
	// turn is held by whoever touches what follows it: the transport may still
	// read a body when it has given up the request.
	turn    chan struct{}
	stopped chan struct{}
	chunks  chan chunk // of the read under way
	reading bool
	rest    []byte // read but not taken, in buffer
	end     error  // after rest

	// buffer and left belong to the read under way while there is one.
	buffer []byte
	left   int64
	found  atomic.Pointer[error]
}

// chunk is what one read of content gave.
type chunk struct {
	n   int
	err error
}

func newExactReader(content io.Reader, size int64) *exactReader {
	return &exactReader{
		content: content, size: size, left: size,
		turn: make(chan struct{}, 1), stopped: make(chan struct{}), chunks: make(chan chunk, 1),
		buffer: make([]byte, max(min(size, chunkBytes), 1)),
	}
}

// body is the body of one try, which ends with its context.
type body struct {
	ctx  context.Context //nolint:containedctx // a body has no other way to learn of its end
	from *exactReader
}

func (b body) Read(p []byte) (int, error) { return b.from.read(b.ctx, p) }

// Close does nothing: content is the caller's.
func (b body) Close() error { return nil }

func (r *exactReader) read(ctx context.Context, p []byte) (int, error) {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	select {
	case <-r.stopped:
		return 0, errStopped
	default:
	}
	if len(r.rest) == 0 && r.end == nil {
		if !r.reading {
			r.reading = true
			go func() { r.chunks <- r.next() }()
		}
		select {
		case got := <-r.chunks:
			r.reading, r.rest, r.end = false, r.buffer[:got.n], got.err
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-r.stopped:
			return 0, errStopped
		}
	}
	if len(r.rest) == 0 {
		return 0, r.end
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// next reads into buffer. Together with the last byte it returns the end.
func (r *exactReader) next() chunk {
	if r.left == 0 {
		return chunk{0, r.atEnd()}
	}
	n, err := r.content.Read(r.buffer[:min(int64(len(r.buffer)), r.left)])
	r.left -= int64(n)
	if r.left == 0 && err == nil {
		err = r.atEnd()
	}
	switch {
	case err == nil:
		return chunk{n, nil}
	case !errors.Is(err, io.EOF):
		return chunk{0, r.fail(err)}
	case r.left > 0:
		return chunk{0, r.fail(fmt.Errorf("%w: it ends after %d of the %d bytes of File.Size", ErrInvalid, r.size-r.left, r.size))}
	default:
		return chunk{n, io.EOF}
	}
}

// atEnd returns io.EOF, or what else comes where content has to end.
func (r *exactReader) atEnd() error {
	var one [1]byte
	for range maxEmptyReads {
		n, err := r.content.Read(one[:])
		switch {
		case n > 0:
			return r.fail(fmt.Errorf("%w: it is longer than the %d bytes of File.Size", ErrInvalid, r.size))
		case err == io.EOF:
			return io.EOF
		case err != nil:
			return r.fail(err)
		}
	}
	return r.fail(io.ErrNoProgress)
}

func (r *exactReader) fail(err error) error {
	r.found.Store(&err)
	return err
}

// fault is what was wrong with content, or nil.
func (r *exactReader) fault() error {
	if err := r.found.Load(); err != nil {
		return *err
	}
	return nil
}

// stop keeps content from being read from now on. It waits for a read that is
// under way, but no longer than the context, and says whether all bytes were
// taken.
func (r *exactReader) stop(ctx context.Context) bool {
	close(r.stopped)
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	if r.reading {
		select {
		case <-r.chunks:
		case <-ctx.Done():
		}
		return false
	}
	return r.left == 0 && len(r.rest) == 0 && r.fault() == nil
}
