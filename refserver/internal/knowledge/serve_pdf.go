package knowledge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"
)

// What a reading process may hold, and how often that is looked at. A single
// huge allocation is seen before its pages are touched.
const (
	maxProcessBytes = 1 << 30
	watchInterval   = 20 * time.Millisecond
)

// ErrMemory says that the process that reads a PDF would take too much memory.
var ErrMemory = errors.New("reading the PDF takes too much memory")

// ServePDF is the other side of Command: it reads a PDF from r and writes its
// lines, or why there are none, to w. When the process holds more than a
// gibibyte it calls exhausted with ErrMemory, from another goroutine, which
// should end the process. The error is that of r and w alone.
func ServePDF(ctx context.Context, r io.Reader, w io.Writer, exhausted func(error)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go watchMemory(ctx, exhausted)
	data, err := readAll(r, MaxFileBytes)
	if err != nil {
		return fmt.Errorf("read PDF: %w", err)
	}
	var answer commandAnswer
	if answer.Lines, err = ReadPDF(ctx, data); err != nil {
		answer.Error = err.Error()
		answer.TooLarge, answer.NoText = errors.Is(err, ErrTooLarge), errors.Is(err, ErrNoText)
	}
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		return fmt.Errorf("write lines of PDF: %w", err)
	}
	return nil
}

func watchMemory(ctx context.Context, exhausted func(error)) {
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		if stats.Sys > maxProcessBytes {
			exhausted(ErrMemory)
			return
		}
	}
}
