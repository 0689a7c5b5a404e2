package intent_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/intent"
)

var sent = time.Date(2026, 3, 4, 10, 30, 15, 0, time.UTC)

// TestMessages reads the labelled messages of testdata.
func TestMessages(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/messages.txt")
	if err != nil {
		t.Fatal(err)
	}
	reader := intent.NewReader(nil)
	seen := 0
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		text, want, ok := strings.Cut(line, " => ")
		if !ok {
			t.Fatalf("line %q: no label", line)
		}
		if got := read(reader, text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
		seen++
	}
	if seen < 70 {
		t.Errorf("messages: got %d, want 70 or more", seen)
	}
}

func read(reader *intent.Reader, text string) string {
	if intent.HumanWanted(text) {
		return "human"
	}
	switch f := reader.FollowUp(text, sent); {
	case f.Wish == intent.Unwanted:
		return "never"
	case f.Wish == intent.Silent:
		return "nothing"
	case f.At.IsZero():
		return "later"
	default:
		return strings.TrimSuffix(f.At.Format("2006-01-02 15:04:05"), ":00")
	}
}

func TestOnly(t *testing.T) {
	t.Parallel()
	reader := intent.NewReader(nil)
	for text, want := range map[string]bool{
		"Remind me in two hours":                                      true,
		"Hi there! Please remind me in two hours. Thank you.":         true,
		"Don't message me again!":                                     true,
		"What does it cost? And message me tomorrow.":                 false,
		"Message me tomorrow. I would like to know about your prices": false,
		"Price? Message me tomorrow.":                                 false,
		"Hello":                                                       false,
		"":                                                            false,
	} {
		if got := reader.FollowUp(text, sent).Only; got != want {
			t.Errorf("%q: got %t, want %t", text, got, want)
		}
	}
}

func TestTimesAreOfTheLocation(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("east", 9*60*60)
	got := intent.NewReader(east).FollowUp("Message me tomorrow at 5", sent)
	if want := time.Date(2026, 3, 5, 17, 0, 0, 0, east); !got.At.Equal(want) {
		t.Errorf("got %v, want %v", got.At, want)
	}
	// In the east it is evening already: "at 5" is tomorrow.
	got = intent.NewReader(east).FollowUp("Message me at 5", sent)
	if want := time.Date(2026, 3, 5, 17, 0, 0, 0, east); !got.At.Equal(want) {
		t.Errorf("got %v, want %v", got.At, want)
	}
}

// TestLongMessages must not take time that grows with the square of their
// length, nor see what is far behind.
func TestLongMessages(t *testing.T) {
	t.Parallel()
	reader := intent.NewReader(nil)
	for _, part := range []string{"a.m. ", "I don't want to talk to a human ", "did you remind me tomorrow ", "at 5 ", "."} {
		long := strings.Repeat(part, 1<<20/len(part))
		intent.HumanWanted(long)
		reader.FollowUp(long, sent)
	}
	filler := strings.Repeat("x ", 10<<10)
	if got := read(reader, filler+". Remind me tomorrow. I want to talk to a human."); got != "nothing" {
		t.Errorf("behind a long text: got %s, want nothing", got)
	}
}

func FuzzMessages(f *testing.F) {
	f.Add("Remind me in 2 hours at 99:99 on 2026-99-99, may 45")
	f.Add("remind me in 99999999999999999999 hours")
	f.Add("call me 31/2/2026 and don't stop to write me")
	reader := intent.NewReader(nil)
	f.Fuzz(func(t *testing.T, text string) {
		intent.HumanWanted(text)
		got := reader.FollowUp(text, sent)
		if ahead := got.At.Sub(sent); !got.At.IsZero() && (got.Wish != intent.Wanted || ahead <= 0 || ahead > intent.MaxAhead) {
			t.Errorf("%q: got wish %d at %v", text, got.Wish, got.At)
		}
	})
}
