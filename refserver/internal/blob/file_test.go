package blob_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/parley-contracts/parley/refserver/internal/blob"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// openFile opens a folder whose presigned URLs work until the test ends.
func openFile(t *testing.T, dir string, config blob.FileConfig) *blob.File {
	t.Helper()
	var files *blob.File
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		files.Handler().ServeHTTP(w, r)
	}))
	config.BaseURL = ts.URL + "/some/blobs"
	files, err := blob.OpenFile(dir, config)
	if err != nil {
		ts.Close()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ts.Close()
		if err := files.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return files
}

func TestFile(t *testing.T) {
	t.Parallel()
	testStore(t, func(t *testing.T) blob.Store { return openFile(t, t.TempDir(), blob.FileConfig{}) })
}

func TestFileOpensAgain(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made", "by", "open")
	first := openFile(t, dir, blob.FileConfig{})
	put(t, first, "a", "kept")
	url, err := first.SignGet(t.Context(), "a", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	second := openFile(t, dir, blob.FileConfig{})
	if got, _, err := get(t, second, "a", blob.Range{}); err != nil || got != "kept" {
		t.Errorf("blob: got %q, %v", got, err)
	}
	again, err := second.SignGet(t.Context(), "a", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	// The servers differ, the secret must not.
	base := again[:strings.Index(again, "/some")]
	if status, _, _ := call(t, "GET", base+url[strings.Index(url, "/some"):], "", nil); status != http.StatusOK {
		t.Errorf("URL from before: got %d, want 200", status)
	}
}

func TestFileExpiry(t *testing.T) {
	t.Parallel()
	now := time.Now()
	files := openFile(t, t.TempDir(), blob.FileConfig{Now: func() time.Time { return now }})
	put(t, files, "a", "x")
	read, err := files.SignGet(t.Context(), "a", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	written := signPut(t, files, "a", plain, 1)
	for _, tc := range []struct {
		after time.Duration
		want  int
	}{{58 * time.Second, http.StatusOK}, {60 * time.Second, http.StatusForbidden}} {
		now = now.Truncate(time.Second).Add(tc.after)
		for method, url := range map[string]string{"GET": read, "PUT": written} {
			if status, _, _ := call(t, method, url, plain, []byte("y")); status != tc.want {
				t.Errorf("%s after %v: got %d, want %d", method, tc.after, status, tc.want)
			}
		}
		now = now.Add(-tc.after)
	}
}

func TestFileHandlerGuardsTheOrigin(t *testing.T) {
	t.Parallel()
	files := openFile(t, t.TempDir(), blob.FileConfig{})
	url := signPut(t, files, "page", "text/html", 8)
	if status, _, _ := call(t, "PUT", url, "text/html", []byte("<script>")); status != http.StatusOK {
		t.Fatal(status)
	}
	read, err := files.SignGet(t.Context(), "page", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	_, header, _ := call(t, "GET", read, "", nil)
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Content-Disposition": "attachment", "Cache-Control": "private, no-store",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if status, header, _ := call(t, "DELETE", url, "", nil); status != http.StatusMethodNotAllowed || header.Get("Allow") == "" {
		t.Errorf("DELETE: got %d, want 405 with Allow", status)
	}
	base := url[:strings.Index(url, "/page")]
	for _, path := range []string{"/../secret", "/%2e%2e/secret", "/secret", "/", "", "x"} {
		if status, _, _ := call(t, "GET", base+path+read[strings.Index(read, "?"):], "", nil); status != http.StatusForbidden {
			t.Errorf("%s: got %d, want 403", path, status)
		}
	}
}

// TestFileKeepsTheFolderClean is what stays behind of uploads that broke off,
// and of processes that did.
func TestFileKeepsTheFolderClean(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := openFile(t, dir, blob.FileConfig{})
	for range 3 {
		if err := files.Put(t.Context(), "a", blob.Info{ContentType: plain, Size: 9}, strings.NewReader("x")); err == nil {
			t.Error("put of less than announced: got no error")
		}
	}
	drafts := filepath.Join(dir, "drafts")
	count := func() int {
		t.Helper()
		entries, err := os.ReadDir(drafts)
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	if got := count(); got != 0 {
		t.Errorf("drafts after broken uploads: got %d, want 0", got)
	}
	for name, age := range map[string]time.Duration{"old": 48 * time.Hour, "young": time.Minute} {
		path := filepath.Join(drafts, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	openFile(t, dir, blob.FileConfig{})
	if _, err := os.Stat(filepath.Join(drafts, "young")); err != nil || count() != 1 {
		t.Errorf("drafts after opening: got %d, %v, want the young one alone", count(), err)
	}
}

func TestFileRefusesDamage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := openFile(t, dir, blob.FileConfig{})
	put(t, files, "a", "x")
	for _, content := range []string{"", "no line", "b text/plain\nx", strings.Repeat("x", 2000)} {
		for _, path := range blobFiles(t, dir) {
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if info, err := files.Stat(t.Context(), "a"); err == nil {
			t.Errorf("stat of a file %.10q: got %+v, want an error", content, info)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := blob.OpenFile(dir, blob.FileConfig{}); err == nil || !strings.Contains(err.Error(), "remove it") {
		t.Errorf("open with a short secret: got %v, want a remedy", err)
	}
	if _, err := blob.OpenFile(dir, blob.FileConfig{Secret: []byte("short")}); err == nil {
		t.Error("open with a short secret of ours: got no error")
	}
}

// blobFiles are the files that hold blobs.
func blobFiles(t *testing.T, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "??", "*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("files of blobs: got %v, %v, want some", paths, err)
	}
	return paths
}
