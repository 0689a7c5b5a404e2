package proxy

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// errStalled says that a body brought nothing for too long.
var errStalled = errors.New("body stalled")

// idleReader is a body that is closed when one read of it takes too long. The
// time that its reader takes between reads does not count.
type idleReader struct {
	io.ReadCloser
	idle  time.Duration
	timer *time.Timer
	over  atomic.Bool
}

// limitIdle bounds the reads of an upstream's body.
func limitIdle(res *http.Response, idle time.Duration) {
	if res.Body == http.NoBody {
		return
	}
	res.Body = &idleReader{ReadCloser: res.Body, idle: idle}
}

func (r *idleReader) Read(p []byte) (int, error) {
	if r.timer == nil {
		r.timer = time.AfterFunc(r.idle, r.expire)
	} else {
		r.timer.Reset(r.idle)
	}
	n, err := r.ReadCloser.Read(p)
	r.timer.Stop()
	if err != nil && !errors.Is(err, io.EOF) && r.over.Load() {
		err = errStalled
	}
	return n, err
}

// expire unblocks the read.
func (r *idleReader) expire() {
	r.over.Store(true)
	_ = r.ReadCloser.Close()
}
