package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestRun starts the program, sends it an answer and reads what it prints.
func TestRun(t *testing.T) {
	t.Parallel()
	const secret = "0123456789abcdef"
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	reader, writer := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := run(ctx, "127.0.0.1:0", secret, writer)
		writer.CloseWithError(io.EOF)
		done <- err
	}()
	lines := bufio.NewScanner(reader)
	if !lines.Scan() {
		t.Fatalf("no first line: %v", <-done)
	}
	url, ok := strings.CutPrefix(lines.Text(), "answers go to ")
	if !ok || !strings.HasSuffix(url, "/maax/answer/"+secret) {
		t.Fatalf("first line = %q, want the URL of answers with the secret", lines.Text())
	}

	status := make(chan int, 1)
	go func() {
		defer close(status)
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"?message=7",
			strings.NewReader(`{"answer":"It costs 100 euros.","conversation_id":7301}`))
		if err != nil {
			return
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return
		}
		_ = resp.Body.Close()
		status <- resp.StatusCode
	}()
	if !lines.Scan() {
		t.Fatal("no line for the callback")
	}
	const want = `maaxAnswer message="7" conversation="7301" text="It costs 100 euros." from="answer"`
	if got := lines.Text(); !strings.HasPrefix(got, want) {
		t.Errorf("line = %q, want it to start with %q", got, want)
	}
	if got := <-status; got != http.StatusOK {
		t.Errorf("status = %d, want 200", got)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("run = %v, want nil after its context ends", err)
	}
}
