package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// shutdownTime is how long requests in flight may take when the command ends.
const shutdownTime = 10 * time.Second

// serving is a group of HTTP servers that start and end together.
type serving struct {
	servers []*http.Server
	failed  chan error
}

// newServing returns an empty group.
func newServing() *serving { return &serving{failed: make(chan error, 8)} }

// listen opens a listener; the error says what to do about it.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, failed(fmt.Errorf("listen on %s: %w", address, err), "choose another address with --listen, or port 0 for any free one")
	}
	return l, nil
}

// start serves on the listener until stop.
func (s *serving) start(l net.Listener, server *http.Server) {
	s.servers = append(s.servers, server)
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- fmt.Errorf("serve on %s: %w", l.Addr(), err)
		}
	}()
}

// wait returns when ctx ends, with nil, or when a server fails.
func (s *serving) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.failed:
		return failed(err, "")
	}
}

// stop ends all servers, the first started first, and waits for what is in
// flight, but not for ever.
func (s *serving) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	for _, server := range s.servers {
		if server.Shutdown(ctx) != nil {
			_ = server.Close() // nothing is left to do about it
		}
	}
}

// newHTTPServer is a server with time limits on what a client may take. Bodies
// and responses have no limit here: streams may last.
func newHTTPServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    1 << 20,
	}
}

// loopback reports whether the listener can be reached from this machine only.
func loopback(l net.Listener) bool {
	a, ok := l.Addr().(*net.TCPAddr)
	return ok && a.IP.IsLoopback()
}
