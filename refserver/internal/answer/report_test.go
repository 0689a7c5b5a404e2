package answer

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReport(t *testing.T) {
	t.Parallel()
	r := NewRetriever([]Entry{{"Parking", "Leave the car in the garage."}, {"Trams", "Line 4 stops here."}}, Config{Threshold: 0.33})
	report := NewReport(r, []Labelled{{"parking garage car", "Parking"}, {"tram", "Parking"}, {"zebra", "Trams"}, {"zebra", ""}})
	if report.Entries != 2 || report.Questions != 4 || len(report.Rows) != len(ReportThresholds())+1 {
		t.Errorf("got %d entries, %d questions, %d rows", report.Entries, report.Questions, len(report.Rows))
	}
	var b bytes.Buffer
	if err := report.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "report.txt", b.Bytes())

	// The default is one of the thresholds shown, so it has one row.
	if got := len(NewReport(NewRetriever(nil, Config{}), nil).Rows); got != len(ReportThresholds()) {
		t.Errorf("rows with the default: got %d, want %d", got, len(ReportThresholds()))
	}
}

func TestReportToNobody(t *testing.T) {
	t.Parallel()
	if err := (Report{}).WriteText(failingWriter{}); err == nil {
		t.Error("got no error of the writer")
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, bytes.ErrTooLarge }

func TestSearch(t *testing.T) {
	t.Parallel()
	r := NewRetriever([]Entry{{"Trams", "Garage by tram."}, {"Parking", "Garage parking."}, {"Other", "Nothing."}, {"Parking", "Garage parking."}}, Config{})
	titles := func(limit int) (out []string) {
		last := 1.0
		for _, m := range r.Search("parking garage", limit) {
			if m.Score > last || m.Score <= 0 {
				t.Errorf("%s: got score %v after %v", m.Title, m.Score, last)
			}
			last = m.Score
			out = append(out, m.Title)
		}
		return out
	}
	for limit, want := range map[int][]string{-1: nil, 0: nil, 1: {"Parking"}, 9: {"Parking", "Parking", "Trams"}} {
		if diff := cmp.Diff(want, titles(limit)); diff != "" {
			t.Errorf("limit %d (-want +got):\n%s", limit, diff)
		}
	}
}
