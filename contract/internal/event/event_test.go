package event_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract/internal/event"
)

const limit = 32

// split splits a stream that comes in pieces of the given size, and writes each
// event on a line.
func split(kind event.Kind, text string, size int) []string {
	var out []string
	s := event.NewSplitter(kind, limit, func(e event.Event) {
		line := fmt.Sprintf("%d %q", e.Index, e.Data)
		for name, field := range map[string]*string{"event": e.Name} {
			if field != nil {
				line += fmt.Sprintf(" %s=%q", name, *field)
			}
		}
		if e.ID != nil {
			line += fmt.Sprintf(" id=%q", *e.ID)
		}
		if e.Retry != nil {
			line += fmt.Sprintf(" retry=%q", *e.Retry)
		}
		line += [...]string{"", " oversize", " incomplete", " stray"}[e.Fault]
		out = append(out, line)
	})
	for len(text) > 0 {
		n := min(size, len(text))
		s.Write([]byte(text[:n]))
		text = text[n:]
	}
	s.Close()
	return out
}

var cases = []struct {
	name, text string
	kind       event.Kind
	want       []string
}{
	{"one", "data: a\n\n", event.ServerSent, []string{`0 "a"`}},
	{"ends of lines", "data: a\r\rdata: b\r\n\r\ndata: c\n\n", event.ServerSent, []string{`0 "a"`, `1 "b"`, `2 "c"`}},
	{"byte order mark", "\xef\xbb\xbfdata: a\n\n", event.ServerSent, []string{`0 "a"`}},
	{"several data lines", "data: a\ndata:\ndata:  b\n\n", event.ServerSent, []string{`0 "a\n\n b"`}},
	{"empty data", "data\n\ndata:\n\n", event.ServerSent, []string{`0 ""`, `1 ""`}},
	{"fields", "id: 7\nevent: add\nretry: 10\ndata: a\n\ndata: b\n\n", event.ServerSent, []string{`0 "a" event="add" id="7" retry="10"`, `1 "b"`}},
	{"id with a zero byte", "id: a\x00\ndata: a\n\n", event.ServerSent, []string{`0 "a"`}},
	{"no data", "event: add\n\n: comment\n\nother: x\n\n\n\n", event.ServerSent, nil},
	{"not ended", "data: a\n\ndata: b\n", event.ServerSent, []string{`0 "a"`, `1 "" incomplete`}},
	{"line not ended", "data: a\n\ndata: b", event.ServerSent, []string{`0 "a"`, `1 "" incomplete`}},
	{"comment not ended", "data: a\n\n:keep", event.ServerSent, []string{`0 "a"`}},
	{"as long as may be", "data: " + strings.Repeat("x", limit) + "\n\n", event.ServerSent, []string{`0 "` + strings.Repeat("x", limit) + `"`}},
	{"too long", "data: " + strings.Repeat("x", limit+1) + "\n\ndata: a\n\n", event.ServerSent, []string{`0 "" oversize`, `1 "a"`}},
	{"line too long", "data: " + strings.Repeat("x", 1000) + "\ndata: y\n\ndata: a\n\n", event.ServerSent, []string{`0 "" oversize`, `1 "a"`}},
	{"lines together too long", strings.Repeat("data: xxxxxxxx\n", 5) + "\ndata: a\n\n", event.ServerSent, []string{`0 "" oversize`, `1 "a"`}},
	{"long comment", ":" + strings.Repeat("x", 1000) + "\ndata: a\n\n", event.ServerSent, []string{`0 "a"`}},

	{"lines", "1\n2\r\n\n  \n3", event.Lines, []string{`0 "1"`, `1 "2"`, `2 "3"`}},
	{"line beyond the limit", strings.Repeat("x", limit+1) + "\n1\n", event.Lines, []string{`0 "" oversize`, `1 "1"`}},
	{"last line beyond the limit", strings.Repeat("x", limit+1), event.Lines, []string{`0 "" oversize`}},
	{"nothing", "", event.Lines, nil},

	{"sequence", "\x1e1\n\x1e[\n2]\n", event.Sequence, []string{`0 "1"`, `1 "[\n2]"`}},
	{"empty records", "\x1e\x1e\n\x1e1\n", event.Sequence, []string{`0 "1"`}},
	{"number that may go on", "\x1e1\x1e2\n\x1etrue", event.Sequence, []string{`0 "" incomplete`, `1 "2"`, `2 "" incomplete`}},
	{"object without a line feed", "\x1e{}\x1e[]", event.Sequence, []string{`0 "{}"`, `1 "[]"`}},
	{"text before", "x\x1e1\n", event.Sequence, []string{`0 "" stray`, `0 "1"`}},
	{"only text before", strings.Repeat("x", limit+1), event.Sequence, []string{`0 "" stray`}},
	{"white space before", " \n\x1e1\n", event.Sequence, []string{`0 "1"`}},
	{"record too long", "\x1e" + strings.Repeat("x", limit+1) + "\x1e1\n", event.Sequence, []string{`0 "" oversize`, `1 "1"`}},
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, size := range []int{1, 2, 3, 7, 1 << 20} {
				if diff := cmp.Diff(tc.want, split(tc.kind, tc.text, size)); diff != "" {
					t.Errorf("in pieces of %d (-want +got):\n%s", size, diff)
				}
			}
		})
	}
}

func TestFuzzSeedsExist(t *testing.T) {
	t.Parallel()
	if got := len(cases); got < 25 {
		t.Errorf("%d seeds, want at least 25", got)
	}
}

func FuzzSplit(f *testing.F) {
	for _, tc := range cases {
		f.Add(tc.text, int(tc.kind), 3)
	}
	f.Fuzz(func(t *testing.T, text string, kind, size int) {
		if size < 1 || kind < 1 || kind > 3 {
			return
		}
		whole, pieces := split(event.Kind(kind), text, len(text)+1), split(event.Kind(kind), text, size)
		if diff := cmp.Diff(whole, pieces); diff != "" {
			t.Errorf("in pieces of %d (-whole +pieces):\n%s", size, diff)
		}
	})
}
