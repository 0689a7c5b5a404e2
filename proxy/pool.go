package proxy

import "sync"

const (
	// copyBytes is the size of the buffers that bodies are copied through.
	copyBytes = 32 << 10
	// maxPooledBytes is the largest body buffer that is kept for later.
	maxPooledBytes = 256 << 10
)

// pools keeps buffers for reuse. As httputil.BufferPool it hands out copy
// buffers.
type pools struct {
	copies sync.Pool
	bodies sync.Pool
}

func newPools() *pools {
	return &pools{
		copies: sync.Pool{New: func() any { b := make([]byte, copyBytes); return &b }},
		bodies: sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }},
	}
}

// Get returns a copy buffer.
func (p *pools) Get() []byte { return *p.copies.Get().(*[]byte) } //nolint:forcetypeassert // New makes nothing else

// Put takes a copy buffer back.
func (p *pools) Put(b []byte) {
	if cap(b) == copyBytes {
		b = b[:copyBytes]
		p.copies.Put(&b)
	}
}

// body returns an empty body buffer, to be given back with release.
func (p *pools) body() *[]byte { return p.bodies.Get().(*[]byte) } //nolint:forcetypeassert // New makes nothing else

// release takes a body buffer back; nobody may hold its bytes any more.
func (p *pools) release(b *[]byte) {
	if b == nil || cap(*b) > maxPooledBytes {
		return
	}
	*b = (*b)[:0]
	p.bodies.Put(b)
}
