// Command receiver takes the callbacks of MAAX and prints what it was told.
//
// It listens on loopback; put it behind a tunnel or a proxy that ends TLS, and
// give the vendor the URL that it prints with your own origin.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"

	"github.com/parley-contracts/parley/server"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8090", "address to listen on")
	secret := flag.String("secret", "", "secret that callback URLs carry, 16 characters or more")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *listen, *secret, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "receiver: error: %v\n", err)
		os.Exit(1)
	}
}

// run serves until the context ends.
func run(ctx context.Context, listen, secret string, out io.Writer) error {
	handler, err := newHandler(secret, out)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return err
	}
	srv := server.HTTPServer(handler)
	closed := context.AfterFunc(ctx, func() { _ = srv.Close() })
	defer closed()
	url, err := handler.URL("http://"+listener.Addr().String(), server.OperationMAAXAnswer, nil)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "answers go to", url)
	if err := srv.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
