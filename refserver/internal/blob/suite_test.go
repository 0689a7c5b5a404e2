package blob_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/refserver/internal/blob"
)

// testStore is what every Store must do; open gives each test an empty one
// whose presigned URLs can be called.
func testStore(t *testing.T, open func(t *testing.T) blob.Store) {
	for name, test := range map[string]func(*testing.T, blob.Store){
		"round trip":            testRoundTrip,
		"ranges":                testRanges,
		"replace":               testReplace,
		"missing":               testMissing,
		"early end":             testEarlyEnd,
		"surplus is not read":   testSurplus,
		"keys":                  testKeys,
		"content types":         testContentTypes,
		"signed put":            testSignedPut,
		"signed put refuses":    testSignedPutRefuses,
		"signed get":            testSignedGet,
		"signed get refuses":    testSignedGetRefuses,
		"signatures need sense": testSignArguments,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

const plain = "text/plain; charset=utf-8"

func put(t *testing.T, s blob.Store, key, content string) {
	t.Helper()
	info := blob.Info{ContentType: plain, Size: int64(len(content))}
	if err := s.Put(t.Context(), key, info, strings.NewReader(content)); err != nil {
		t.Fatal(err)
	}
}

// get reads a part; the error is that of Get alone.
func get(t *testing.T, s blob.Store, key string, part blob.Range) (string, blob.Info, error) {
	t.Helper()
	r, info, err := s.Get(t.Context(), key, part)
	if err != nil {
		return "", info, err
	}
	content, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		t.Fatal(err)
	}
	return string(content), info, nil
}

func testRoundTrip(t *testing.T, s blob.Store) {
	for key, content := range map[string]string{
		"a": "hello", "folder/B_2-x.png": strings.Repeat("0123456789", 50_000), "empty": "", "lines": "\n\r\n\x00",
	} {
		put(t, s, key, content)
		want := blob.Info{ContentType: plain, Size: int64(len(content))}
		got, info, err := get(t, s, key, blob.Range{})
		if err != nil || got != content {
			t.Errorf("get %s: got %d bytes, %v, want the %d that were put", key, len(got), err, len(content))
		}
		if diff := cmp.Diff(want, info); diff != "" {
			t.Errorf("get %s (-want +got):\n%s", key, diff)
		}
		stat, err := s.Stat(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, stat); diff != "" {
			t.Errorf("stat %s (-want +got):\n%s", key, diff)
		}
	}
}

func testRanges(t *testing.T, s blob.Store) {
	put(t, s, "digits", "0123456789")
	for _, tc := range []struct {
		part blob.Range
		want string
	}{
		{blob.Range{}, "0123456789"},
		{blob.Range{Offset: 4}, "456789"},
		{blob.Range{Length: 3}, "012"},
		{blob.Range{Offset: 4, Length: 2}, "45"},
		{blob.Range{Offset: 9, Length: 1}, "9"},
		{blob.Range{Offset: 8, Length: 100}, "89"},
	} {
		got, info, err := get(t, s, "digits", tc.part)
		if err != nil || got != tc.want {
			t.Errorf("%+v: got %q, %v, want %q", tc.part, got, err, tc.want)
		}
		if info.Size != 10 {
			t.Errorf("%+v: got size %d, want that of the whole, 10", tc.part, info.Size)
		}
	}
	for _, part := range []blob.Range{{Offset: 10}, {Offset: 11, Length: 1}} {
		if got, _, err := get(t, s, "digits", part); !errors.Is(err, blob.ErrRange) {
			t.Errorf("%+v: got %q, %v, want %v", part, got, err, blob.ErrRange)
		}
	}
	for _, part := range []blob.Range{{Offset: -1}, {Length: -1}} {
		if got, _, err := get(t, s, "digits", part); err == nil {
			t.Errorf("%+v: got %q, want an error", part, got)
		}
	}
}

func testReplace(t *testing.T, s blob.Store) {
	put(t, s, "a/b", "the first and longer one")
	open, _, err := s.Get(t.Context(), "a/b", blob.Range{})
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	put(t, s, "a/b", "second")
	if got, info, err := get(t, s, "a/b", blob.Range{}); err != nil || got != "second" || info.Size != 6 {
		t.Errorf("after replacing: got %q, %+v, %v, want the second", got, info, err)
	}
	if got, err := io.ReadAll(open); err != nil || string(got) != "the first and longer one" {
		t.Errorf("reader from before: got %q, %v, want the first", got, err)
	}
}

func testMissing(t *testing.T, s blob.Store) {
	put(t, s, "here", "x")
	if err := s.Delete(t.Context(), "here"); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), "here"); err != nil {
		t.Errorf("delete again: got %v, want nothing", err)
	}
	for _, key := range []string{"here", "never/was"} {
		if _, err := s.Stat(t.Context(), key); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("stat %s: got %v, want %v", key, err, blob.ErrNotFound)
		}
		if _, _, err := get(t, s, key, blob.Range{}); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("get %s: got %v, want %v", key, err, blob.ErrNotFound)
		}
	}
}

func testEarlyEnd(t *testing.T, s blob.Store) {
	put(t, s, "kept", "old")
	for _, key := range []string{"kept", "new"} {
		// Without Len or Seek, as a request body is.
		body := io.MultiReader(strings.NewReader("short"))
		err := s.Put(t.Context(), key, blob.Info{ContentType: plain, Size: 6}, body)
		if !errors.Is(err, blob.ErrSize) {
			t.Errorf("put %s: got %v, want %v", key, err, blob.ErrSize)
		}
	}
	if got, _, err := get(t, s, "kept", blob.Range{}); err != nil || got != "old" {
		t.Errorf("blob from before: got %q, %v, want it kept", got, err)
	}
	if _, err := s.Stat(t.Context(), "new"); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("broken blob: got %v, want %v", err, blob.ErrNotFound)
	}
}

func testSurplus(t *testing.T, s blob.Store) {
	body := strings.NewReader("0123456789")
	if err := s.Put(t.Context(), "cut", blob.Info{ContentType: plain, Size: 4}, io.MultiReader(body)); err != nil {
		t.Fatal(err)
	}
	if got, _, err := get(t, s, "cut", blob.Range{}); err != nil || got != "0123" {
		t.Errorf("blob: got %q, %v, want the announced part", got, err)
	}
}

func testKeys(t *testing.T, s blob.Store) {
	for _, key := range []string{
		"", "/a", "a/", "a//b", ".", "..", "a/../b", ".hidden", "a/.hidden", "a b", `a\b`, "a\nb", "ä", "a?b", "a%2fb",
		strings.Repeat("k", 513),
	} {
		_, signed := s.SignGet(t.Context(), key, time.Minute)
		_, read, _ := s.Get(t.Context(), key, blob.Range{})
		_, stat := s.Stat(t.Context(), key)
		for call, err := range map[string]error{
			"put": s.Put(t.Context(), key, blob.Info{ContentType: plain}, strings.NewReader("")), "stat": stat,
			"delete": s.Delete(t.Context(), key), "sign": signed,
		} {
			if !errors.Is(err, blob.ErrKey) {
				t.Errorf("%s %q: got %v, want %v", call, key, err, blob.ErrKey)
			}
		}
		if read != (blob.Info{}) {
			t.Errorf("get %q: got %+v", key, read)
		}
	}
	put(t, s, strings.Repeat("k/", 100)+"k", "deep")
}

func testContentTypes(t *testing.T, s blob.Store) {
	for _, info := range []blob.Info{
		{ContentType: ""}, {ContentType: "no type at all"}, {ContentType: "text/plain\nX: y"},
		{ContentType: "text/" + strings.Repeat("x", 300)}, {ContentType: plain, Size: -1},
	} {
		if err := s.Put(t.Context(), "a", info, strings.NewReader("")); err == nil {
			t.Errorf("put %+v: got no error", info)
		}
		if _, err := s.SignPut(t.Context(), "a", info.ContentType, info.Size, time.Minute); err == nil {
			t.Errorf("sign %+v: got no error", info)
		}
	}
}

// call makes a request. An empty content type sends none.
func call(t *testing.T, method, url, contentType string, body []byte) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(got)
}

func signPut(t *testing.T, s blob.Store, key, contentType string, size int64) string {
	t.Helper()
	url, err := s.SignPut(t.Context(), key, contentType, size, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return url
}

func testSignedPut(t *testing.T, s blob.Store) {
	url := signPut(t, s, "up/load.png", "image/png", 5)
	for range 2 { // it may be repeated
		if status, _, body := call(t, "PUT", url, "image/png", []byte("hello")); status != http.StatusOK {
			t.Fatalf("put: got %d: %s", status, body)
		}
	}
	got, info, err := get(t, s, "up/load.png", blob.Range{})
	if err != nil || got != "hello" {
		t.Errorf("blob: got %q, %v", got, err)
	}
	if diff := cmp.Diff(blob.Info{ContentType: "image/png", Size: 5}, info); diff != "" {
		t.Errorf("info (-want +got):\n%s", diff)
	}
}

func testSignedPutRefuses(t *testing.T, s blob.Store) {
	url := signPut(t, s, "a", "image/png", 5)
	for _, tc := range []struct {
		name, method, url, contentType, body string
	}{
		{"other content type", "PUT", url, "text/html", "hello"},
		{"no content type", "PUT", url, "", "hello"},
		{"longer", "PUT", url, "image/png", "hello!"},
		{"shorter", "PUT", url, "image/png", "hell"},
		{"other key", "PUT", strings.Replace(url, "/a?", "/b?", 1), "image/png", "hello"},
		{"other method", "GET", url, "", ""},
		{"no signature", "PUT", url[:strings.Index(url, "?")], "image/png", "hello"},
		{"changed signature", "PUT", flipLast(url), "image/png", "hello"},
	} {
		if status, _, _ := call(t, tc.method, tc.url, tc.contentType, []byte(tc.body)); status != http.StatusForbidden {
			t.Errorf("%s: got %d, want 403", tc.name, status)
		}
	}
	for _, key := range []string{"a", "b"} {
		if _, err := s.Stat(t.Context(), key); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("blob %s: got %v, want none", key, err)
		}
	}
}

// flipLast changes the last digit, which is one of the signature's.
func flipLast(url string) string {
	last := byte('0')
	if url[len(url)-1] == last {
		last = '1'
	}
	return url[:len(url)-1] + string(last)
}

func testSignedGet(t *testing.T, s blob.Store) {
	put(t, s, "down/load", "0123456789")
	url, err := s.SignGet(t.Context(), "down/load", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	status, header, body := call(t, "GET", url, "", nil)
	if status != http.StatusOK || body != "0123456789" {
		t.Errorf("get: got %d %q", status, body)
	}
	for name, want := range map[string]string{"Content-Type": plain, "Content-Disposition": "attachment"} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func testSignedGetRefuses(t *testing.T, s blob.Store) {
	put(t, s, "a", "x")
	put(t, s, "b", "y")
	url, err := s.SignGet(t.Context(), "a", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	missing, err := s.SignGet(t.Context(), "never", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, method, url string
		want              int
	}{
		{"other key", "GET", strings.Replace(url, "/a?", "/b?", 1), http.StatusForbidden},
		{"other method", "PUT", url, http.StatusForbidden},
		{"changed signature", "GET", flipLast(url), http.StatusForbidden},
		{"nothing there", "GET", missing, http.StatusNotFound},
	} {
		if status, _, _ := call(t, tc.method, tc.url, plain, nil); status != tc.want {
			t.Errorf("%s: got %d, want %d", tc.name, status, tc.want)
		}
	}
}

func testSignArguments(t *testing.T, s blob.Store) {
	for _, ttl := range []time.Duration{0, -time.Second, time.Millisecond, blob.MaxTTL + 1} {
		if _, err := s.SignGet(t.Context(), "a", ttl); err == nil {
			t.Errorf("sign for %v: got no error", ttl)
		}
		if _, err := s.SignPut(t.Context(), "a", plain, 1, ttl); err == nil {
			t.Errorf("sign a put for %v: got no error", ttl)
		}
	}
	if _, err := s.SignGet(t.Context(), "a", blob.MaxTTL); err != nil {
		t.Errorf("sign for the longest time: %v", err)
	}
}
