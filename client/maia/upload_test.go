package maia

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// storage is a host that takes files and remembers what came.
type storage struct {
	*httptest.Server
	mu   sync.Mutex
	puts []put
}

type put struct {
	Method, URI, Type, Auth string
	Length                  int64
	Chunked, Complete       bool
	Body                    string
}

func newStorage(t testing.TB, answer http.HandlerFunc) *storage {
	t.Helper()
	s := &storage{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		s.mu.Lock()
		s.puts = append(s.puts, put{
			Method: r.Method, URI: r.RequestURI, Type: r.Header.Get("Content-Type"), Auth: r.Header.Get("Authorization") + r.Header.Get("Cookie"),
			Length: r.ContentLength, Chunked: len(r.TransferEncoding) > 0, Complete: err == nil, Body: string(body),
		})
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *storage) seen() []put {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]put(nil), s.puts...)
}

const uploadPath = "/bucket/attachments/acc1/my%20x%2Fy.jpg?X-Amz-Signature=sec%2Fret&X-Amz-Expires=900"

// offering is a vendor that sends files to the URL.
func offering(t testing.TB, uploadURL string) *vendor {
	t.Helper()
	return newVendor(t, answers("200 "+strings.Replace(good, "UPLOAD", uploadURL, 1)))
}

func TestUpload(t *testing.T) {
	t.Parallel()
	s := newStorage(t, func(http.ResponseWriter, *http.Request) {})
	v := offering(t, s.URL+uploadPath)
	c := newTestClient(t, v.URL, Config{})
	content := strings.Repeat("0123456789", 10_000)
	for _, tc := range []struct {
		name, content string
		reader        func(io.Reader) io.Reader
	}{
		{"in one piece", content, func(r io.Reader) io.Reader { return r }},
		{"byte by byte", content[:500], iotest.OneByteReader},
		{"data and end at once", content, iotest.DataErrReader},
		{"without a known length", content, func(r io.Reader) io.Reader { return struct{ io.Reader }{r} }},
		{"nothing", "", func(r io.Reader) io.Reader { return r }},
	} {
		before := len(s.seen())
		file := File{Name: "my x.jpg", ContentType: `image/jpeg; name="x y"`, Size: int64(len(tc.content))}
		got, err := c.Upload(t.Context(), file, tc.reader(strings.NewReader(tc.content)))
		want := Attachment{ContentType: file.ContentType, FileKey: "attachments/acc1/x.jpg", FileName: file.Name, Size: file.Size}
		if got != want || err != nil {
			t.Errorf("%s: got %+v, %v, want %+v", tc.name, got, err, want)
		}
		if diff := cmp.Diff([]put{{
			Method: "PUT", URI: uploadPath, Type: file.ContentType, Length: file.Size, Complete: true, Body: tc.content,
		}}, s.seen()[before:]); diff != "" {
			t.Errorf("%s: files at the storage host (-want +got):\n%s", tc.name, diff)
		}
	}
	wantCall := call{"POST", "/messages/upload", "Bearer " + testToken, "application/json", "application/json", `{"contentType":"image/jpeg; name=\"x y\"","fileName":"my x.jpg","size":100000}`}
	if got := v.seen()[0]; got != wantCall {
		t.Errorf("got %+v, want %+v", got, wantCall)
	}
}

// TestUploadOfAnotherLength sends a byte more or less, of which nothing may be
// stored.
func TestUploadOfAnotherLength(t *testing.T) {
	t.Parallel()
	s := newStorage(t, func(http.ResponseWriter, *http.Request) {})
	c := newTestClient(t, offering(t, s.URL).URL, Config{})
	large := strings.Repeat("x", 300_000)
	broken := errors.New("disk gone")
	for name, tc := range map[string]struct {
		size    int64
		content io.Reader
		cause   error
		text    string
	}{
		"longer":             {299_999, strings.NewReader(large), ErrInvalid, "longer than the 299999 bytes of File.Size"},
		"longer, one piece":  {2, strings.NewReader("abc"), ErrInvalid, "longer than the 2 bytes"},
		"longer than none":   {0, strings.NewReader("abc"), ErrInvalid, "longer than the 0 bytes"},
		"shorter":            {300_001, strings.NewReader(large), ErrInvalid, "ends after 300000 of the 300001 bytes"},
		"empty":              {1, strings.NewReader(""), ErrInvalid, "ends after 0 of the 1 bytes"},
		"broken":             {300_001, io.MultiReader(strings.NewReader(large), iotest.ErrReader(broken)), broken, "content: disk gone"},
		"broken after it":    {3, io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(broken)), broken, "content: disk gone"},
		"never at its end":   {3, io.MultiReader(strings.NewReader("abc"), silent{}), io.ErrNoProgress, "content: "},
		"none, never at end": {0, silent{}, io.ErrNoProgress, "content: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := c.Upload(t.Context(), jpeg(tc.size), tc.content)
			e := asError(t, err)
			if got != (Attachment{}) || !errors.Is(err, tc.cause) || e.Wire() || e.Temporary() || e.Operation != "PUT uploadUrl" || !strings.Contains(err.Error(), tc.text) {
				t.Errorf("got %+v, %v, want %q", got, err, tc.text)
			}
		})
	}
	t.Cleanup(func() {
		for _, p := range s.seen() {
			if p.Complete && p.Length == int64(len(p.Body)) {
				t.Errorf("a file of %d bytes was stored", p.Length)
			}
		}
	})
}

// silent returns nothing and does not end.
type silent struct{}

func (silent) Read([]byte) (int, error) { return 0, nil }

func TestUploadRefusedByTheStorageHost(t *testing.T) {
	t.Parallel()
	s := newStorage(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-RateLimit-Remaining", "0")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, "<Error><Code>AccessDenied</Code><Query>%s</Query></Error>", r.URL.RawQuery)
	})
	c := newTestClient(t, offering(t, s.URL+uploadPath).URL, Config{})
	_, err := c.Upload(t.Context(), jpeg(3), strings.NewReader("abc"))
	e := asError(t, err)
	if e.Status != 403 || !e.Wire() || e.Temporary() || e.RateLimit.Known || e.Excerpt != "<Error><Code>AccessDenied</Code><Query>[redacted]</Query></Error>" {
		t.Errorf("got %+v", *e)
	}
	if err.Error() != "maia: PUT uploadUrl: status 403" || c.RateLimit().Known || len(s.seen()) != 1 {
		t.Errorf("got %q, %+v, %d files", err, c.RateLimit(), len(s.seen()))
	}
}

func TestUploadFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	other := newStorage(t, func(http.ResponseWriter, *http.Request) {})
	s := newStorage(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	})
	_, err := newTestClient(t, offering(t, s.URL).URL, Config{}).Upload(t.Context(), jpeg(3), bytes.NewReader([]byte("abc")))
	if e := asError(t, err); e.Status != 307 || len(other.seen()) != 0 || !strings.Contains(err.Error(), "redirects are not followed") {
		t.Errorf("got %v, %d files at the other host", err, len(other.seen()))
	}
}

// TestUploadSuccessWithoutTheFile has a host that answers before it reads.
func TestUploadSuccessWithoutTheFile(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(s.Close)
	reader, writer := io.Pipe()
	go func() { _, _ = writer.Write(make([]byte, 100)) }()
	c := newTestClient(t, offering(t, s.URL).URL, Config{UploadTimeout: 200 * time.Millisecond})
	_, err := c.Upload(t.Context(), jpeg(1000), reader)
	_ = reader.Close()
	if e := asError(t, err); e.Operation != "PUT uploadUrl" || !e.RequestSent || e.Wire() {
		t.Errorf("got %v, want an error: the host does not have the file", err)
	}
}

func TestUploadURLIsLookedAt(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"":                              "uploadUrl is not an absolute URL",
		"/bucket":                       "uploadUrl is not an absolute URL",
		"ftp://host/secret":             "uploadUrl is not an absolute URL",
		"https://u:secret@host/x":       "uploadUrl holds user information",
		"http://storage.example/secret": "uploadUrl would send the file unencrypted: set AllowPlainHTTP to let it",
	} {
		c := newTestClient(t, offering(t, target).URL, Config{StorageTransport: refusing{t}})
		_, err := c.Upload(t.Context(), jpeg(3), strings.NewReader("abc"))
		if e := asError(t, err); !errors.Is(err, ErrMalformed) || e.Operation != "createUpload" || !strings.HasSuffix(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: got %v, want %q", target, err, want)
		}
	}
	for body, want := range map[string]string{
		`{"uploadUrl":"https://s.example/x"}`:                       "fileKey is missing",
		`{"uploadUrl":"https://s.example/x","fileKey":""}`:          "fileKey is empty",
		`{"UPLOADURL":"https://s.example/x","fileKey":"k"}`:         "uploadUrl is missing",
		`{"uploadUrl":["https://s.example/x"],"fileKey":"k","x":1}`: "uploadUrl is missing or of another type",
	} {
		c := newTestClient(t, newVendor(t, answers("200 "+body)).URL, Config{StorageTransport: refusing{t}})
		_, err := c.Upload(t.Context(), jpeg(3), strings.NewReader("abc"))
		if !errors.Is(err, ErrMalformed) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", body, err, want)
		}
	}
}

type refusing struct{ t *testing.T }

func (r refusing) RoundTrip(*http.Request) (*http.Response, error) {
	r.t.Error("a file was sent")
	return nil, errors.New("refused")
}

// TestUploadEnds cancels while content gives nothing more.
func TestUploadEnds(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]Config{"canceled": {}, "time-out": {UploadTimeout: 100 * time.Millisecond}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStorage(t, func(http.ResponseWriter, *http.Request) {})
			c := newTestClient(t, offering(t, s.URL+uploadPath).URL, config)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			reader, writer := io.Pipe()
			defer reader.Close()
			go func() {
				_, _ = writer.Write([]byte("ab"))
				if name == "canceled" {
					cancel()
				}
			}()
			_, err := c.Upload(ctx, jpeg(3), reader)
			e := asError(t, err)
			if want := map[string]error{"canceled": context.Canceled, "time-out": context.DeadlineExceeded}[name]; !errors.Is(err, want) || !e.RequestSent {
				t.Errorf("got %v, want %v", err, want)
			}
		})
	}
}

// TestUploadRetriesFailedDials reaches the storage host at the third try, with
// the whole file.
func TestUploadRetriesFailedDials(t *testing.T) {
	t.Parallel()
	s := newStorage(t, func(http.ResponseWriter, *http.Request) {})
	late := &lateTransport{url: closedURL(t), left: 2}
	c := newTestClient(t, offering(t, s.URL).URL, Config{StorageTransport: late})
	if _, err := c.Upload(t.Context(), jpeg(3), strings.NewReader("abc")); err != nil {
		t.Fatal(err)
	}
	if got := s.seen(); len(got) != 1 || got[0].Body != "abc" {
		t.Errorf("got %+v, want the file once", got)
	}
}

// lateTransport sends requests to a closed port for as many tries as are left.
type lateTransport struct {
	url  string
	left int
}

func (l *lateTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if l.left > 0 {
		l.left--
		r = r.Clone(r.Context())
		r.URL.Host = strings.TrimPrefix(l.url, "http://")
	}
	return http.DefaultTransport.RoundTrip(r)
}
