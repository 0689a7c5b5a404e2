package answer

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnswer(t *testing.T) {
	t.Parallel()
	r := NewRetriever([]Entry{
		{"Parking", "Leave the car in the garage in River Street."},
		{"Refunds", "We return the fee when you cancel early."},
		{"Teachers", "Every teacher holds a degree."},
	}, Config{})
	for _, tc := range []struct {
		name, question, title string
		ok                    bool
	}{
		{"same words", "Where is the parking garage?", "Parking", true},
		{"other forms of the words", "I parked cars; which garages?", "Parking", true},
		{"case and punctuation", "REFUNDS!!! CANCELLED?", "Refunds", true},
		{"typographic apostrophe", "the teacher’s degree", "Teachers", true},
		{"mostly foreign words", "garage music festivals attract young crowds each summer weekend somewhere", "Parking", false},
		{"no shared word", "zebra crossing", "", false},
		{"only stop words", "What is it?", "", false},
		{"empty", "", "", false},
		{"not UTF-8", "\xff\xfe", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, ok := r.Answer(tc.question)
			if got.Title != tc.title || ok != tc.ok {
				t.Errorf("Answer(%q): got %q, %t (score %.3f), want %q, %t", tc.question, got.Title, ok, got.Score, tc.title, tc.ok)
			}
			if ok && got.Text == "" {
				t.Error("answered without a text")
			}
		})
	}
}

func TestThreshold(t *testing.T) {
	t.Parallel()
	entries := []Entry{{"Parking", "Leave the car in the garage."}, {"Refunds", "We return the fee."}}
	question := "garage zebra violin umbrella"
	score := math.NaN()
	for _, tc := range []struct {
		threshold float64
		ok        bool
	}{{0, false}, {math.NaN(), false}, {-1, true}, {0.01, true}, {1, false}} {
		m, ok := NewRetriever(entries, Config{Threshold: tc.threshold}).Answer(question)
		if ok != tc.ok {
			t.Errorf("threshold %v: got %t (score %.3f), want %t", tc.threshold, ok, m.Score, tc.ok)
		}
		score = m.Score
	}
	// A score on the threshold is enough.
	if _, ok := NewRetriever(entries, Config{Threshold: score}).Answer(question); !ok {
		t.Errorf("score equal to the threshold %v: not answered", score)
	}
	if m, ok := NewRetriever(nil, Config{Threshold: -1}).Answer(question); ok || m != (Match{}) {
		t.Errorf("no entries: got %v, %t, want nothing", m, ok)
	}
}

func TestScoreIsShare(t *testing.T) {
	t.Parallel()
	r := NewRetriever(loadKnowledge(t), Config{})
	for _, q := range loadQuestions(t, r.entries) {
		m, _ := r.Answer(q.Question)
		if m.Score < 0 || m.Score > 1 || math.IsNaN(m.Score) {
			t.Errorf("Answer(%q): got score %v, want 0 to 1", q.Question, m.Score)
		}
		more, _ := r.Answer(q.Question + " zyzzyva qwertz")
		if more.Title != m.Title || (m.Score > 0 && more.Score >= m.Score) {
			t.Errorf("Answer(%q): unknown words moved the score from %v to %v", q.Question, m.Score, more.Score)
		}
	}
}

func TestTiesGoToTheEarlierEntry(t *testing.T) {
	t.Parallel()
	var entries []Entry
	for i := range 50 {
		entries = append(entries, Entry{fmt.Sprintf("entry%d", i), "alpha beta gamma delta epsilon"})
	}
	for range 20 {
		m, _ := NewRetriever(entries, Config{}).Answer("epsilon beta delta alpha gamma")
		if m.Title != "entry0" {
			t.Fatalf("tie: got %s, want entry0", m.Title)
		}
	}
}

func TestRetrieverKeepsItsEntries(t *testing.T) {
	t.Parallel()
	entries := []Entry{{"Parking", "The garage."}}
	r := NewRetriever(entries, Config{})
	entries[0].Text = "changed"
	if m, _ := r.Answer("garage"); m.Text != "The garage." {
		t.Errorf("got %q after the caller changed its slice", m.Text)
	}
	if got := r.Entries(); got != 1 {
		t.Errorf("Entries: got %d, want 1", got)
	}
}

func TestAnswerConcurrently(t *testing.T) {
	t.Parallel()
	r := NewRetriever(loadKnowledge(t), Config{})
	questions := loadQuestions(t, r.entries)
	want := make([]Match, len(questions))
	for i, q := range questions {
		want[i], _ = r.Answer(q.Question)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i, q := range questions {
				if got, _ := r.Answer(q.Question); got != want[i] {
					t.Errorf("Answer(%q): got %v, want %v", q.Question, got, want[i])
				}
			}
		})
	}
	group.Wait()
}

func TestTerms(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":                         {},
		"How do I cancel it?":      {"cancel"},
		"Cancelling; cancellation": {"cancel", "cancel"},
		"the school's 'trams'":     {"school", "tram"},
		"’’' ''":                   {},
		"Prix: 45€ à Zürich":       {"prix", "45", "à", "zürich"},
		strings.Repeat("ing", 100): {strings.Repeat("ing", 100)},
		"naïve café":               {"naïv", "café"},
	} {
		if diff := cmp.Diff(want, terms(text)); diff != "" {
			t.Errorf("terms(%q) (-want +got):\n%s", text, diff)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	entries := loadKnowledge(f)
	r := NewRetriever(entries, Config{})
	for _, q := range loadQuestions(f, entries) {
		f.Add(q.Question)
	}
	f.Add("’s'’ \xff 日本語 '''ing")
	f.Fuzz(func(t *testing.T, question string) {
		first, ok := r.Answer(question)
		again, okAgain := r.Answer(question)
		if first != again || ok != okAgain {
			t.Errorf("Answer(%q): got %v, then %v", question, first, again)
		}
		if first.Score < 0 || first.Score > 1 || (ok && first.Text == "") {
			t.Errorf("Answer(%q): got %+v, %t", question, first, ok)
		}
	})
}

func BenchmarkAnswer(b *testing.B) {
	knowledge := loadKnowledge(b)
	for _, size := range []int{30, 1000, 10000} {
		var entries []Entry
		for i := range size {
			e := knowledge[i%len(knowledge)]
			entries = append(entries, Entry{fmt.Sprintf("%s %d", e.Title, i), e.Text})
		}
		r := NewRetriever(entries, Config{})
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Answer("Will you refund the fee if I cancel before the first lesson?")
			}
		})
	}
}

func BenchmarkNewRetriever(b *testing.B) {
	knowledge := loadKnowledge(b)
	b.ReportAllocs()
	for b.Loop() {
		NewRetriever(knowledge, Config{})
	}
}
