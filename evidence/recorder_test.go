package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

// gate is a keeper that keeps when it is let.
type gate struct {
	entered chan struct{}
	open    chan struct{}
	kept    []Exchange
	flushed int
	err     error
}

func newGate() *gate { return &gate{entered: make(chan struct{}, 100), open: make(chan struct{})} }

func (g *gate) Keep(x Exchange) error {
	g.entered <- struct{}{}
	<-g.open
	g.kept = append(g.kept, x)
	return g.err
}

func (g *gate) Flush() error { g.flushed++; return nil }

func recorder(t *testing.T, config RecorderConfig) *Recorder {
	t.Helper()
	r, err := NewRecorder(config)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRecorderDropsAndCountsWhatFindsTheQueueFull(t *testing.T) {
	t.Parallel()
	g := newGate()
	r := recorder(t, RecorderConfig{Keepers: []Keeper{g}, QueueLength: 2})
	r.Exchange(Exchange{ID: "1"})
	<-g.entered // the keeper holds the first, the queue is empty
	for i := range 5 {
		r.Exchange(Exchange{ID: fmt.Sprint(i + 2)})
	}
	if got, want := r.Stats(), (RecorderStats{Offered: 6, Dropped: 3}); got != want {
		t.Errorf("stats are %+v, want %+v", got, want)
	}
	close(g.open)
	stats, err := r.Close(t.Context())
	if want := (RecorderStats{Offered: 6, Recorded: 3, Dropped: 3}); stats != want {
		t.Errorf("final stats are %+v, want %+v", stats, want)
	}
	if err == nil || !strings.Contains(err.Error(), "3 of 6") {
		t.Errorf("Close says %v, want that 3 of 6 were dropped", err)
	}
	if len(g.kept) != 3 || g.kept[0].ID != "1" || g.flushed == 0 {
		t.Errorf("kept %v after %d flushes, want three in order, flushed", g.kept, g.flushed)
	}
	r.Exchange(Exchange{}) // after the end
	if got := r.Stats(); got.Offered != 7 || got.Dropped != 4 {
		t.Errorf("stats after the end are %+v, want one more offered and dropped", got)
	}
	if _, err := r.Close(t.Context()); err == nil {
		t.Error("second Close says nothing")
	}
}

func TestRecorderBoundsTheBytesThatWait(t *testing.T) {
	t.Parallel()
	g := newGate()
	r := recorder(t, RecorderConfig{Keepers: []Keeper{g}, QueueBytes: 100})
	r.Exchange(Exchange{Request: Message{Body: strings.Repeat("x", 60)}})
	<-g.entered
	r.Exchange(Exchange{Response: &Message{Body: strings.Repeat("x", 60)}})
	if got := r.Stats().Dropped; got != 1 {
		t.Errorf("%d dropped, want 1", got)
	}
	close(g.open)
	_, _ = r.Close(t.Context())
	if got := r.waiting.Load(); got != 0 {
		t.Errorf("%d bytes wait after the end", got)
	}
}

func TestRecorderCloseGivesUp(t *testing.T) {
	t.Parallel()
	g := newGate()
	r := recorder(t, RecorderConfig{Keepers: []Keeper{g}})
	for range 4 {
		r.Exchange(Exchange{})
	}
	<-g.entered
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	stats, err := r.Close(ctx)
	if !errors.Is(err, context.DeadlineExceeded) || stats.Dropped != 3 {
		t.Errorf("Close says %+v, %v, want 3 dropped and that time was up", stats, err)
	}
	close(g.open)
}

func TestRecorderGoesOnAfterErrors(t *testing.T) {
	t.Parallel()
	bad, good := newGate(), newGate()
	bad.err = errors.New("disk full")
	close(bad.open)
	close(good.open)
	r := recorder(t, RecorderConfig{Keepers: []Keeper{bad, good}})
	r.Exchange(Exchange{})
	r.Exchange(Exchange{})
	stats, err := r.Close(t.Context())
	if stats.Failed != 2 || err == nil || len(good.kept) != 2 {
		t.Errorf("stats are %+v, %v, %d kept by the other, want two failed and both kept", stats, err, len(good.kept))
	}
	if good.kept[0].ID == "" || good.kept[0].ID >= good.kept[1].ID {
		t.Errorf("IDs are %q and %q, want them given in order", good.kept[0].ID, good.kept[1].ID)
	}
}

func TestRecorderReportsAFlushThatFailed(t *testing.T) {
	t.Parallel()
	r := recorder(t, RecorderConfig{Keepers: []Keeper{NewLines(brokenWriter{})}})
	r.Exchange(Exchange{Request: Message{Method: "GET"}})
	if _, err := r.Close(t.Context()); err == nil || !strings.Contains(err.Error(), "pipe") {
		t.Errorf("Close says %v, want that the flush failed", err)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestNewRecorderWantsAKeeper(t *testing.T) {
	t.Parallel()
	if _, err := NewRecorder(RecorderConfig{}); err == nil {
		t.Error("a recorder without keepers was made")
	}
}

// TestRecordingRoundTrip records from many goroutines and reads it all back.
func TestRecordingRoundTrip(t *testing.T) {
	t.Parallel()
	contracts := vendor(t)
	var file bytes.Buffer
	tally := &Tally{}
	r := recorder(t, RecorderConfig{Keepers: []Keeper{NewLines(&file), tally}, Redactor: Redactor{Contracts: contracts}})
	x := live(t, contracts, "/messages/?contact=jane@doe.example", `{"text":"","email":"jane@doe.example"}`, `{"ok":1}`)
	x.ID = ""
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			for range 20 {
				r.Exchange(x)
			}
		})
	}
	wg.Wait()
	stats, err := r.Close(t.Context())
	if err != nil || stats.Recorded != 200 {
		t.Fatalf("Close says %+v, %v", stats, err)
	}
	if bytes.Contains(file.Bytes(), []byte("doe.example")) || bytes.Contains(file.Bytes(), []byte("sesame")) {
		t.Error("data is in the recording")
	}
	reader := NewReader("recording.jsonl", &file)
	ids := map[string]bool{}
	for {
		got, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		ids[got.ID] = true
		if diff := cmp.Diff((Checker{Contracts: contracts}).Recheck(got).Findings, x.Findings); diff != "" {
			t.Fatalf("findings (-got +want):\n%s", diff)
		}
	}
	if len(ids) != 200 {
		t.Errorf("%d IDs, want 200", len(ids))
	}
	s := tally.Summary()
	if s.Exchanges != 200 || len(s.Groups) != len(x.Findings) || s.Accounts[contract.DirectionResponse].Total() != 200 {
		t.Errorf("tally is %+v, want 200 exchanges in %d groups", s, len(x.Findings))
	}
}
