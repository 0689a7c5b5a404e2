package proxy

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"sync"
	"time"
)

const (
	// directBytes is the largest request body that direct sends: it is written
	// whole before the response is read, so it must fit the sockets' buffers.
	directBytes = 64 << 10
	// directIdle is how long a connection may lie unused.
	directIdle = 60 * time.Second
)

// direct sends short requests upstream from the goroutine that serves them,
// over kept connections. It spares the two goroutines for each connection, and
// the hand-over between them, that http.Transport needs to be general; they
// cost more than all the rest of the proxy. What it cannot do it leaves to the
// http.Transport in it, whose dialer and TLS configuration it uses.
type direct struct {
	*http.Transport

	maxIdle int

	mu     sync.Mutex
	idle   map[string][]*directConn // by scheme and host; the oldest first
	reaper *time.Timer              // nil while nothing is idle
}

func newDirect(t *http.Transport, maxIdle int) *direct {
	return &direct{Transport: t, maxIdle: maxIdle, idle: map[string][]*directConn{}}
}

// early takes a 1xx response. Its error ends the exchange.
type early func(status int, header textproto.MIMEHeader) error

// takes reports whether direct can send a request itself; others are for its
// http.Transport.
func (d *direct) takes(r *http.Request) bool {
	return r.ContentLength >= 0 && r.ContentLength <= directBytes && len(r.Trailer) == 0
}

// send sends a request that it takes, as http.Transport would but for its
// RequestURI, which is sent as it is. The connection serves
// others once the response's body was read to its end.
func (d *direct) send(r *http.Request, on1xx early) (*http.Response, error) {
	defer func() { _ = r.Body.Close() }()
	for {
		c, reused, err := d.conn(r.Context(), r.URL)
		if err != nil {
			return nil, err
		}
		res, silent, err := c.roundTrip(r, d.ResponseHeaderTimeout, on1xx)
		if err == nil {
			return res, nil
		}
		_ = c.conn.Close()
		// A kept connection may end just when it is taken. Only requests that
		// do no harm twice are sent again, as http.Transport does.
		if !reused || !silent || r.ContentLength > 0 || !isSafe(r.Method) {
			return nil, err
		}
	}
}

// isSafe reports whether a request of the method may be sent twice.
func isSafe(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	return false
}

// CloseIdleConnections closes connections that nobody uses.
func (d *direct) CloseIdleConnections() {
	d.Transport.CloseIdleConnections()
	d.reap(0)
}

// conn returns a connection to a URL's host, kept or new.
func (d *direct) conn(ctx context.Context, u *url.URL) (c *directConn, reused bool, err error) {
	key := connKey{u.Scheme, u.Host}.String()
	for {
		c := d.take(key)
		if c == nil {
			break
		}
		if c.usable() {
			return c, true, nil
		}
		_ = c.conn.Close()
	}
	conn, err := d.dial(ctx, u)
	if err != nil {
		return nil, false, err
	}
	return newDirectConn(d, key, conn), false, nil
}

// connKey names where a connection leads.
type connKey struct{ scheme, host string }

func (k connKey) String() string {
	if k.scheme == "http" {
		return k.host // the usual case, without making a string
	}
	return k.scheme + "://" + k.host
}

// take removes the connection that was used last from the idle ones, nil when
// there is none.
func (d *direct) take(key string) *directConn {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := d.idle[key]
	if len(list) == 0 {
		return nil
	}
	c := list[len(list)-1]
	list[len(list)-1] = nil
	d.idle[key] = list[:len(list)-1]
	return c
}

// keep takes a connection back for the next request.
func (d *direct) keep(c *directConn) {
	c.since = time.Now()
	d.mu.Lock()
	full := len(d.idle[c.key]) >= d.maxIdle
	if !full {
		d.idle[c.key] = append(d.idle[c.key], c)
		if d.reaper == nil {
			d.reaper = time.AfterFunc(directIdle, func() { d.reap(directIdle) })
		}
	}
	d.mu.Unlock()
	if full {
		_ = c.conn.Close()
	}
}

// reap closes connections that were idle for so long, and comes back while any
// are left.
func (d *direct) reap(age time.Duration) {
	var expired []*directConn
	left := 0
	d.mu.Lock()
	for key, list := range d.idle {
		n := 0
		for n < len(list) && time.Since(list[n].since) >= age {
			n++
		}
		expired = append(expired, list[:n]...)
		d.idle[key] = append([]*directConn(nil), list[n:]...)
		left += len(list) - n
	}
	if d.reaper != nil {
		d.reaper.Stop()
		d.reaper = nil
	}
	if left > 0 {
		d.reaper = time.AfterFunc(directIdle, func() { d.reap(directIdle) })
	}
	d.mu.Unlock()
	for _, c := range expired {
		_ = c.conn.Close()
	}
}

// dial connects to a URL's host.
func (d *direct) dial(ctx context.Context, u *url.URL) (net.Conn, error) {
	conn, err := d.DialContext(ctx, "tcp", hostPort(u))
	if err != nil || u.Scheme != "https" {
		return conn, err
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if d.TLSClientConfig != nil {
		config = d.TLSClientConfig.Clone()
	}
	config.NextProtos = nil // HTTP/1.1
	if config.ServerName == "" {
		config.ServerName = u.Hostname()
	}
	secure := tls.Client(conn, config)
	ctx, cancel := context.WithTimeout(ctx, d.TLSHandshakeTimeout)
	defer cancel()
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return secure, nil
}
