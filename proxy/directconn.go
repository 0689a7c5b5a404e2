package proxy

import (
	"bufio"
	"context"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// maxEarly is how many 1xx responses may precede a response.
const maxEarly = 5

var (
	// errHeaderTooLarge says that a response's header is beyond the limit.
	errHeaderTooLarge = errors.New("response header exceeded the limit")
	// errField says that a header would break out of its line.
	errField = errors.New("header holds a line break")
)

// past is a deadline that ends whatever a connection does.
var past = time.Unix(1, 0)

// directConn is one connection of direct. It belongs to one exchange at a time.
type directConn struct {
	owner  *direct
	key    string
	conn   net.Conn
	limit  io.LimitedReader // bounds a response's header
	reader *bufio.Reader
	writer *bufio.Writer
	since  time.Time // when it was last put aside
}

func newDirectConn(d *direct, key string, conn net.Conn) *directConn {
	c := &directConn{owner: d, key: key, conn: conn}
	c.limit.R = conn
	c.reader = bufio.NewReaderSize(&c.limit, 4<<10)
	c.writer = bufio.NewWriterSize(conn, 4<<10)
	return c
}

// usable reports whether a kept connection still stands: a peer that has said
// anything since, or that it will say no more, has given it up.
func (c *directConn) usable() bool {
	return c.reader.Buffered() == 0 && time.Since(c.since) < directIdle && isSilent(c.conn)
}

// roundTrip sends a request and reads the response's header. When it gives an
// error, the connection is of no more use; silent says that the upstream had
// not said anything.
func (c *directConn) roundTrip(r *http.Request, timeout time.Duration, on1xx early) (res *http.Response, silent bool, err error) {
	ctx := r.Context()
	stop := context.AfterFunc(ctx, func() { _ = c.conn.SetDeadline(past) })
	_ = c.conn.SetDeadline(time.Now().Add(timeout))
	sendErr := c.send(r)
	if errors.Is(sendErr, errField) {
		stop()
		return nil, false, sendErr
	}
	// An upstream may refuse a request, and answer, before it took all of it.
	res, silent, err = c.receive(r, on1xx)
	if err == nil {
		_ = c.conn.SetDeadline(time.Time{})
	}
	// Looked at after the deadline was lifted: either it is seen here that ctx
	// has ended, or its deadline comes after and stays.
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case err != nil && sendErr != nil:
		err = sendErr
	}
	if err != nil {
		stop()
		return nil, silent, err
	}
	again := !res.Close && sendErr == nil && res.StatusCode != http.StatusSwitchingProtocols
	res.Body = &directBody{Reader: res.Body, conn: c, stop: stop, again: again}
	return res, false, nil
}

// send writes the request.
func (c *directConn) send(r *http.Request) error {
	w := c.writer
	w.Reset(c.conn)
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	target := r.RequestURI
	if hasBreak(target) || hasBreak(host) || strings.IndexByte(target, ' ') >= 0 {
		return errField
	}
	_, _ = w.WriteString(r.Method)
	_ = w.WriteByte(' ')
	_, _ = w.WriteString(target)
	_, _ = w.WriteString(" HTTP/1.1\r\n")
	writeField(w, "Host", host)
	for name, values := range r.Header {
		if name == "Content-Length" {
			continue
		}
		for _, v := range values {
			if hasBreak(name) || hasBreak(v) {
				return errField
			}
			writeField(w, name, v)
		}
	}
	if r.ContentLength > 0 || len(r.Header["Content-Length"]) > 0 {
		writeField(w, "Content-Length", strconv.FormatInt(r.ContentLength, 10))
	}
	_, _ = w.WriteString("\r\n")
	if r.ContentLength > 0 {
		if _, err := io.Copy(w, r.Body); err != nil {
			return err
		}
	}
	return w.Flush()
}

// writeField writes one field; the writer keeps its error until it is flushed.
func writeField(w *bufio.Writer, name, value string) {
	_, _ = w.WriteString(name)
	_, _ = w.WriteString(": ")
	_, _ = w.WriteString(value)
	_, _ = w.WriteString("\r\n")
}

// hasBreak reports whether a string would end its line.
func hasBreak(s string) bool {
	return strings.IndexByte(s, '\n') >= 0 || strings.IndexByte(s, '\r') >= 0
}

// receive reads up to the final response's header, and hands on what comes
// before it. silent says that not one byte came.
func (c *directConn) receive(r *http.Request, on1xx early) (res *http.Response, silent bool, err error) {
	c.limit.N = maxResponseHeaderBytes
	if _, err := c.reader.Peek(1); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, true, err
	}
	for range maxEarly + 1 {
		res, err := http.ReadResponse(c.reader, r)
		switch {
		case err != nil && c.limit.N <= 0:
			return nil, false, errHeaderTooLarge
		case err != nil:
			return nil, false, err
		case !isEarly(res.StatusCode):
			c.limit.N = math.MaxInt64
			return res, false, nil
		}
		if err := on1xx(res.StatusCode, textproto.MIMEHeader(res.Header)); err != nil {
			return nil, false, err
		}
	}
	return nil, false, errNonsense
}

// isEarly reports whether another response follows one of this status.
func isEarly(status int) bool {
	return status >= 100 && status < 200 && status != http.StatusSwitchingProtocols
}

// directBody is the body of a response. Read to its end, it gives the
// connection back; closed before, it closes the connection, which also ends a
// read that waits.
type directBody struct {
	io.Reader
	conn  *directConn
	stop  func() bool
	again bool
	over  atomic.Bool
}

func (b *directBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil {
		b.end(errors.Is(err, io.EOF))
	}
	return n, err
}

func (b *directBody) Close() error {
	b.end(false)
	return nil
}

// end parts with the connection, once.
func (b *directBody) end(whole bool) {
	if b.over.Swap(true) {
		return
	}
	// When stop comes too late, a deadline of the past may yet be set.
	if b.stop() && whole && b.again {
		b.conn.owner.keep(b.conn)
		return
	}
	_ = b.conn.conn.Close()
}
