package contract_test

import (
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"testing"
)

// compressor writes a content coding.
func compressor(tb testing.TB, coding string, to io.Writer) io.WriteCloser {
	tb.Helper()
	switch coding {
	case "gzip":
		return gzip.NewWriter(to)
	case "zlib":
		return zlib.NewWriter(to)
	}
	w, err := flate.NewWriter(to, flate.DefaultCompression)
	if err != nil {
		tb.Fatal(err)
	}
	return w
}
