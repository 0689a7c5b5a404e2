package refserver_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/gen/common"
	"github.com/parley-contracts/parley/refserver"
	"github.com/parley-contracts/parley/refserver/internal/answer"
)

// TestBuiltInKnowledge asks every question of the built-in knowledge base as
// it stands there.
func TestBuiltInKnowledge(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("seed/knowledge.md")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := answer.ParseMarkdown(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) < 25 {
		t.Errorf("entries: got %d, want 25 or more", len(entries))
	}
	retriever := answer.NewRetriever(entries, answer.Config{})
	for _, e := range entries {
		if got, ok := retriever.Answer(e.Title); !ok || got.Title != e.Title {
			t.Errorf("%q: got %q, sure %v", e.Title, got.Title, ok)
		}
	}
}

func TestOwnKnowledge(t *testing.T) {
	t.Parallel()
	srv := start(t, refserver.Config{Knowledge: []byte("## Where is the moon?\n\nAbove.\n")})
	client := srv.v1(t, srv.DevelopmentKey())
	got := fetch(t, client, send(t, client, support("Where is the moon", "ada@example.com")), common.ServiceTypeCustomerSupportAutomation)
	if got != "Above." {
		t.Errorf("known: got %q, want the entry's text", got)
	}
	got = fetch(t, client, send(t, client, support("How do I reset my password?", "ada@example.com")), common.ServiceTypeCustomerSupportAutomation)
	if !strings.Contains(got, "A colleague will come back to you") {
		t.Errorf("unknown: got %q, want the hand-over", got)
	}
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	lodge, err := os.ReadFile("internal/knowledge/testdata/lodge.pdf")
	if err != nil {
		t.Fatal(err)
	}
	srv := start(t, refserver.Config{
		Knowledge: []byte("## Where is the moon?\n\nAbove.\n"),
		Documents: []refserver.Document{
			{Name: "lodge.pdf", Data: lodge},
			{Name: "page", ContentType: "text/html", Data: []byte("<h2>Sauna</h2><p>Heated at five.")},
			{Name: "rules.txt", Data: []byte("May I bring pets?\nDogs only.")},
		},
	})
	client := srv.v1(t, srv.DevelopmentKey())
	for question, want := range map[string]string{
		"Where is the moon?":      "Above.",
		"When is the sauna open?": "Heated at five.",
		"Can we bring our pets?":  "Dogs only.",
		"When is check-in?":       "You can check in from three in the afternoon.",
	} {
		got := fetch(t, client, send(t, client, support(question, "ada@example.com")), common.ServiceTypeCustomerSupportAutomation)
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want %q", question, got, want)
		}
	}
}

func TestBadDocuments(t *testing.T) {
	t.Parallel()
	for want, config := range map[string]refserver.Config{
		"picture.png: format not supported": {Documents: []refserver.Document{{Name: "picture.png", Data: []byte("x")}}},
		"empty.txt: no text found":          {Documents: []refserver.Document{{Name: "empty.txt"}}},
		"a.pdf: read PDF":                   {Documents: []refserver.Document{{Name: "a.pdf", Data: []byte("%PDF-1.7\n")}}},
		"the process that read it failed":   {Documents: []refserver.Document{{Name: "a.pdf", Data: []byte("%PDF-1.7\n")}}, PDFCommand: []string{"/no/such/command"}},
	} {
		srv, err := refserver.New(config)
		if err == nil {
			_ = srv.Close()
			t.Errorf("got no error, want %q", want)
			continue
		}
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// TestAnswerReport holds the default threshold to what it is chosen for, on
// questions that it was not chosen with.
func TestAnswerReport(t *testing.T) {
	t.Parallel()
	report, err := refserver.ReportAnswers(t.Context(), refserver.Config{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range report.Rows {
		if row.Threshold != report.Threshold {
			continue
		}
		if row.Right+row.Wrong < 45 || row.OffTopic < 20 {
			t.Errorf("questions: got %d and %d off-topic, want 45 and 20 or more", row.Right+row.Wrong, row.OffTopic)
		}
		if row.RightAnswered*5 < row.Right*4 {
			t.Errorf("right answered: got %d of %d, want four in five", row.RightAnswered, row.Right)
		}
		if row.OffTopicAnswered*10 > row.OffTopic {
			t.Errorf("off-topic answered: got %d of %d, want one in ten at most", row.OffTopicAnswered, row.OffTopic)
		}
		return
	}
	t.Errorf("no row for the threshold %v", report.Threshold)
}

func TestAnswerReportRefuses(t *testing.T) {
	t.Parallel()
	own := refserver.Config{Knowledge: []byte("## A\n\nb\n")}
	for want, ask := range map[string]func() (refserver.AnswerReport, error){
		"none for this knowledge base": func() (refserver.AnswerReport, error) { return refserver.ReportAnswers(t.Context(), own, nil) },
		"none found":                   func() (refserver.AnswerReport, error) { return refserver.ReportAnswers(t.Context(), own, []byte{}) },
		`no entry is titled "B"`: func() (refserver.AnswerReport, error) {
			return refserver.ReportAnswers(t.Context(), own, []byte("x => B"))
		},
		"answer threshold 2": func() (refserver.AnswerReport, error) {
			return refserver.ReportAnswers(t.Context(), refserver.Config{AnswerThreshold: 2}, nil)
		},
	} {
		if _, err := ask(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
