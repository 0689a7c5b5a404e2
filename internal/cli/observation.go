package cli

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/evidence"
	"github.com/parley-contracts/parley/proxy"
)

// observation is what a command does with the exchanges it sees: count all of
// them, print their findings and keep them in a file. Only counting happens on
// the path of the traffic.
type observation struct {
	tally    evidence.Tally
	recorder *evidence.Recorder
	file     *os.File
	printer  *printer
	to       console
}

// observationConfig says what to print and keep.
type observationConfig struct {
	contracts contract.Set
	callbacks *contract.Contract
	format    string
	record    string
	registry  *prometheus.Registry
	// also are keepers beside the printer and the recording.
	also []evidence.Keeper
}

// newObservation opens the recording, if one is wanted, and starts the
// recorder.
func newObservation(to console, c observationConfig) (*observation, error) {
	o := &observation{to: to, printer: newPrinter(to.out, c.format == "json")}
	keepers := append(slices.Clone(c.also), o.printer)
	if c.record != "" {
		// A recording holds what redaction left of other people's messages.
		f, err := os.OpenFile(c.record, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		if err != nil {
			return nil, failed(fmt.Errorf("open recording: %w", err), "name a file that can be written with --record")
		}
		o.file = f
		keepers = append(keepers, evidence.NewLines(f))
	}
	recorder, err := evidence.NewRecorder(evidence.RecorderConfig{
		Keepers:  keepers,
		Redactor: evidence.Redactor{Contracts: c.contracts, Callbacks: c.callbacks},
	})
	if err != nil {
		return nil, failed(fmt.Errorf("start recorder: %w", err), "")
	}
	o.recorder = recorder
	if err := proxy.RegisterRecorder(c.registry, recorder); err != nil {
		return nil, failed(err, "")
	}
	return o, nil
}

// Exchange takes an exchange from the path of the traffic.
func (o *observation) Exchange(x evidence.Exchange) {
	o.tally.Add(x)
	o.recorder.Exchange(x)
}

// close prints what waits and the summary. The error says what was lost.
func (o *observation) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	stats, lost := o.recorder.Close(ctx)
	if o.file != nil {
		if err := o.file.Close(); err != nil && lost == nil {
			lost = fmt.Errorf("close recording: %w", err)
		}
	}
	if err := writeSummary(o.to.out, o.tally.Summary(), o.printer.json); err != nil {
		return failed(fmt.Errorf("write summary: %w", err), "")
	}
	if lost != nil {
		return failed(lost, fmt.Sprintf("%d of %d exchanges were printed and recorded; the summary counts all of them", stats.Recorded, stats.Offered))
	}
	return nil
}
