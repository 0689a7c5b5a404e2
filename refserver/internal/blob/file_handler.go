package blob

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Handler serves the presigned URLs, at the path of the base URL: 403 for what
// is not allowed, whatever the reason, 404 for a blob that does not exist.
// It answers errors with a line of text. Its transfers are bounded by the
// TransferTimeout instead of the server's own limits.
func (f *File) Handler() http.Handler { return http.HandlerFunc(f.serve) }

func (f *File) serve(w http.ResponseWriter, r *http.Request) {
	// What an uploader stored must never run on our origin.
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	w.Header().Set("Cache-Control", "private, no-store")
	if r.Method != http.MethodGet && r.Method != http.MethodPut {
		w.Header().Set("Allow", "GET, PUT")
		http.Error(w, "only GET and PUT", http.StatusMethodNotAllowed)
		return
	}
	g, ok := f.requested(r)
	if !ok || !f.allowed(g, r.URL.Query().Get("signature")) {
		http.Error(w, "the URL has expired, or does not allow this", http.StatusForbidden)
		return
	}
	f.extendDeadlines(w)
	if r.Method == http.MethodPut {
		f.servePut(w, r, g)
		return
	}
	f.serveGet(w, r, g)
}

// requested is what the request asks for, as its signature must say.
func (f *File) requested(r *http.Request) (grant, bool) {
	key, ok := strings.CutPrefix(r.URL.Path, f.base.Path+"/")
	if !ok || checkKey(key) != nil {
		return grant{}, false
	}
	expires, err := strconv.ParseInt(r.URL.Query().Get("expires"), 10, 64)
	if err != nil {
		return grant{}, false
	}
	g := grant{method: r.Method, key: key, expires: expires}
	if r.Method == http.MethodPut {
		// A body of unknown length has the length -1, which nobody signs.
		g.info = Info{ContentType: r.Header.Get("Content-Type"), Size: r.ContentLength}
		ok = checkInfo(g.info) == nil
	}
	return g, ok
}

// extendDeadlines gives the transfer its time. A writer without deadlines, as
// in a test, needs none.
func (f *File) extendDeadlines(w http.ResponseWriter) {
	deadline := time.Now().Add(f.config.TransferTimeout)
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(deadline)
	_ = control.SetWriteDeadline(deadline)
}

func (f *File) servePut(w http.ResponseWriter, r *http.Request, g grant) {
	err := f.Put(r.Context(), g.key, g.info, http.MaxBytesReader(w, r.Body, g.info.Size))
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
		w.WriteHeader(http.StatusOK)
	case errors.Is(err, ErrSize), errors.As(err, &tooLarge), errors.Is(err, io.ErrUnexpectedEOF):
		http.Error(w, "the body has not the announced size", http.StatusBadRequest)
	default:
		http.Error(w, "the blob could not be stored; try again later", http.StatusServiceUnavailable)
	}
}

func (f *File) serveGet(w http.ResponseWriter, r *http.Request, g grant) {
	opened, err := f.open(g.key)
	switch {
	case errors.Is(err, ErrNotFound):
		http.Error(w, "no such blob", http.StatusNotFound)
		return
	case err != nil:
		http.Error(w, "the blob could not be read; try again later", http.StatusServiceUnavailable)
		return
	}
	defer opened.file.Close()
	w.Header().Set("Content-Type", opened.info.ContentType)
	w.Header().Set("Content-Disposition", "attachment")
	http.ServeContent(w, r, "", time.Time{}, io.NewSectionReader(opened.file, opened.start, opened.info.Size))
}
