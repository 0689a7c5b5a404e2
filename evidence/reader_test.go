package evidence

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReaderNamesTheLine(t *testing.T) {
	t.Parallel()
	const good = `{"id":"1","request":{"method":"GET","target":"/","body_bytes":0,"account":"validated"}}` + "\n"
	tests := []struct{ name, text, want string }{
		{"broken", good + "\n" + `{"id":`, "recording.jsonl:3: not an exchange: broken JSON at byte 6"},
		{"other type", good + `{"id":5}`, `recording.jsonl:2: not an exchange: field "id" is a number`},
		{"other thing", `{"a":1}`, "recording.jsonl:1: not an exchange: request without a method"},
		{"array", `[]`, "recording.jsonl:1: not an exchange"},
		{"bad time", `{"time":"secret"}`, "recording.jsonl:1: not an exchange: a field cannot be read"},
		{"long", good + `{"id":"` + strings.Repeat("x", 100_000), "recording.jsonl:2: line is longer than 1000 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := NewReader("recording.jsonl", iotest.OneByteReader(strings.NewReader(tt.text)))
			r.MaxLineBytes = 1000
			var err error
			for err == nil {
				_, err = r.Next()
			}
			if !strings.HasPrefix(err.Error(), tt.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("error is %q, want %q", err, tt.want)
			}
			if _, again := r.Next(); !errors.Is(again, err) {
				t.Errorf("then the error is %v, want the same", again)
			}
		})
	}
}

func TestReaderReadsLongAndLastLines(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 200_000)
	text := "\n  \n" + `{"request":{"method":"GET","target":"/` + long + `"}}` + "\r\n" + `{"request":{"method":"PUT"},"unknown":1}`
	r := NewReader("r", strings.NewReader(text))
	x, err := r.Next()
	if err != nil || len(x.Request.Target) != len(long)+1 {
		t.Fatalf("got %d bytes of target, %v", len(x.Request.Target), err)
	}
	if x, err = r.Next(); err != nil || x.Request.Method != "PUT" {
		t.Errorf("last line is %+v, %v", x, err)
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("at the end got %v, want io.EOF", err)
	}
}

func FuzzReader(f *testing.F) {
	f.Add("{\"request\":{\"method\":\"GET\"}}\n\n{")
	f.Fuzz(func(t *testing.T, text string) {
		r := NewReader("f", strings.NewReader(text))
		r.MaxLineBytes = 1 << 16
		for range strings.Count(text, "\n") + 2 {
			if _, err := r.Next(); err != nil {
				return
			}
		}
		t.Errorf("more exchanges than lines in %q", text)
	})
}
