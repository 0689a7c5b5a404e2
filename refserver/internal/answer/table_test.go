package answer

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestTableOfLabelledSet(t *testing.T) {
	t.Parallel()
	entries := loadKnowledge(t)
	questions := loadQuestions(t, entries)
	onTopic, offTopic := 0, 0
	for _, q := range questions {
		if q.Title == "" {
			offTopic++
		} else {
			onTopic++
		}
	}
	if len(entries) < 25 || onTopic < 40 || offTopic < 20 {
		t.Fatalf("got %d entries, %d questions, %d off-topic, want at least 25, 40, 20", len(entries), onTopic, offTopic)
	}

	r := NewRetriever(entries, Config{})
	rows := r.Table(questions, []float64{-1, 0.1, 0.15, 0.2, DefaultThreshold, 0.25, 0.3, 0.4})
	var got bytes.Buffer
	got.WriteString("threshold right wrong off-topic\n")
	for _, row := range rows {
		fmt.Fprintf(&got, "%.2f %d/%d %d/%d %d/%d\n", row.Threshold,
			row.RightAnswered, row.Right, row.WrongAnswered, row.Wrong, row.OffTopicAnswered, row.OffTopic)
	}
	golden(t, "table.txt", got.Bytes())

	// The promises that the default threshold is chosen for, whatever the
	// golden file says.
	def := rows[4]
	if def.Right < onTopic*8/10 {
		t.Errorf("right: got %d of %d, want at least 80 percent", def.Right, onTopic)
	}
	if def.RightAnswered < def.Right*7/10 {
		t.Errorf("right answered: got %d of %d, want at least 70 percent", def.RightAnswered, def.Right)
	}
	if def.OffTopicAnswered > offTopic/10 {
		t.Errorf("off-topic answered: got %d of %d, want at most 10 percent", def.OffTopicAnswered, offTopic)
	}
}

func TestTableCounts(t *testing.T) {
	t.Parallel()
	r := NewRetriever([]Entry{{"Parking", "Leave the car in the garage."}, {"Trams", "Line 4 stops here."}}, Config{})
	got := r.Table([]Labelled{
		{"parking garage car", "Parking"},
		{"tram line", "Parking"},
		{"zebra", "Trams"},
		{"tram", ""},
		{"zebra", ""},
	}, []float64{0, 1})
	want := []Row{
		{Threshold: 0, Right: 1, RightAnswered: 1, Wrong: 2, WrongAnswered: 1, OffTopic: 2, OffTopicAnswered: 1},
		{Threshold: 1, Right: 1, Wrong: 2, OffTopic: 2},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Table (-want +got):\n%s", diff)
	}
}

func TestParseLabelled(t *testing.T) {
	t.Parallel()
	entries := []Entry{{Title: "Parking"}}
	got, err := ParseLabelled(strings.NewReader("# comment\n\n Where do I park? => Parking\nWho won? =>\r\n"), entries)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Labelled{{"Where do I park?", "Parking"}, {"Who won?", ""}}, got); diff != "" {
		t.Errorf("ParseLabelled (-want +got):\n%s", diff)
	}
	for input, want := range map[string]string{
		"Where?":               `labelled questions: line 1: not of the form "question => title"`,
		"\n=> Parking":         `labelled questions: line 2: not of the form "question => title"`,
		"Where? => Car parks":  `labelled questions: line 1: no entry is titled "Car parks"`,
		"# nothing":            `labelled questions: none found: write lines such as "When do you open? => Opening hours"`,
		"ok? =>\nbad \xff? =>": `labelled questions: line 2: not UTF-8: save the file as UTF-8`,
	} {
		_, err := ParseLabelled(strings.NewReader(input), entries)
		if err == nil || err.Error() != want {
			t.Errorf("ParseLabelled(%q): got error %v, want %s", input, err, want)
		}
	}
}

func loadKnowledge(t testing.TB) []Entry {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "knowledge.md"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	entries, err := ParseMarkdown(file)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func loadQuestions(t testing.TB, entries []Entry) []Labelled {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "questions.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	questions, err := ParseLabelled(file, entries)
	if err != nil {
		t.Fatal(err)
	}
	return questions
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}
