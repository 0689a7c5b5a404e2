package expand_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract/internal/expand"
)

func pack(tb testing.TB, coding string, text []byte) []byte {
	tb.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "zlib":
		w = zlib.NewWriter(&b)
	default:
		w, err = flate.NewWriter(&b, flate.BestCompression)
	}
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestCodings(t *testing.T) {
	t.Parallel()
	got := expand.Codings([]string{"gzip, Deflate", " identity,,br"})
	if diff := cmp.Diff([]string{"gzip", "deflate", "br"}, got); diff != "" {
		t.Errorf("codings (-want +got):\n%s", diff)
	}
}

func TestBytes(t *testing.T) {
	t.Parallel()
	text := []byte(strings.Repeat("some text ", 100))
	gz := pack(t, "gzip", text)
	for _, tc := range []struct {
		name    string
		codings []string
		body    []byte
		limit   int
		want    error
	}{
		{"nothing to undo", nil, text, 1, nil},
		{"gzip", []string{"gzip"}, gz, 1000, nil},
		{"old name", []string{"x-gzip"}, gz, 1000, nil},
		{"two members", []string{"gzip"}, append(pack(t, "gzip", text[:500]), pack(t, "gzip", text[500:])...), 1000, nil},
		{"zlib", []string{"deflate"}, pack(t, "zlib", text), 1000, nil},
		{"raw", []string{"deflate"}, pack(t, "raw", text), 1000, nil},
		{"nested", []string{"deflate", "gzip"}, pack(t, "gzip", pack(t, "raw", text)), 1000, nil},
		{"one byte too many", []string{"gzip"}, gz, 999, expand.ErrTooLarge},
		{"too large between", []string{"gzip", "gzip"}, pack(t, "gzip", pack(t, "gzip", bytes.Repeat([]byte{0}, 1<<24))), 1000, expand.ErrTooLarge},
		{"empty", []string{"gzip"}, nil, 1000, &expand.CorruptError{Coding: "gzip"}},
		{"empty deflate", []string{"deflate"}, nil, 1000, &expand.CorruptError{Coding: "deflate"}},
		{"cut off", []string{"gzip"}, gz[:len(gz)-1], 1000, &expand.CorruptError{Coding: "gzip"}},
		{"wrong sum", []string{"gzip"}, flipped(gz, len(gz)-8), 1000, &expand.CorruptError{Coding: "gzip"}},
		{"bytes behind", []string{"gzip"}, append(bytes.Clone(gz), 1), 1000, &expand.CorruptError{Coding: "gzip"}},
		{"bytes behind raw", []string{"deflate"}, append(pack(t, "raw", text), 1), 1000, &expand.CorruptError{Coding: "deflate"}},
		{"inner one broken", []string{"deflate", "gzip"}, pack(t, "gzip", []byte("\xff\xff")), 1000, &expand.CorruptError{Coding: "deflate"}},
		{"unknown", []string{"gzip", "br"}, gz, 1000, &expand.UnknownError{Coding: "br"}},
		{"too many", []string{"gzip", "gzip", "gzip", "gzip", "gzip"}, gz, 1000, &expand.UnknownError{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := expand.Bytes(tc.body, tc.codings, tc.limit)
			if message(err) != message(tc.want) {
				t.Fatalf("error %v, want %v", err, tc.want)
			}
			if tc.want == nil && !bytes.Equal(got, text) {
				t.Errorf("got %d bytes, want those that were packed", len(got))
			}
			if len(got) > max(tc.limit, len(text)) {
				t.Errorf("got %d bytes, the limit is %d", len(got), tc.limit)
			}
		})
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func flipped(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 1
	return b
}

func TestReaderPassesForeignErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	gz := pack(t, "gzip", []byte("text"))
	r, err := expand.NewReader(io.MultiReader(bytes.NewReader(gz[:12]), iotest.ErrReader(broken)), []string{"gzip"}, 100)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(r); !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
	if _, err := r.Read(make([]byte, 1)); !errors.Is(err, broken) {
		t.Errorf("read again: error %v, want %v", err, broken)
	}
	r, err = expand.NewReader(iotest.OneByteReader(bytes.NewReader(gz)), []string{"gzip"}, 100)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(iotest.OneByteReader(r)); string(got) != "text" || err != nil {
		t.Errorf("byte by byte: %q, %v", got, err)
	}
}
