package manage

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/server"
)

// requestID is the header that engines answer with the id of a request.
const requestID = "X-Request-Id"

// exchangeKey is the context's key for *domain.Exchange.
type exchangeKey struct{}

// Record has the exchanges of next written into the journal.
func (j *Journal) Record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := &domain.Exchange{Method: r.Method, RequestBytes: r.ContentLength, StartedAt: j.clock.Now()}
		began := time.Now()
		seen := &watchedWriter{ResponseWriter: w}
		defer func() {
			e.Duration = time.Since(began)
			e.RequestID = w.Header().Get(requestID)
			e.Status, e.ResponseBytes = seen.status, seen.bytes
			if e.Status == 0 {
				e.Status = http.StatusOK // What net/http sends for a handler that wrote nothing.
			}
			j.add(*e)
		}()
		next.ServeHTTP(seen, r.WithContext(context.WithValue(r.Context(), exchangeKey{}, e)))
	})
}

// OnResult notes the operation of an exchange; it is for server.Config.
func OnResult(ctx context.Context, o server.Outcome) {
	e, ok := ctx.Value(exchangeKey{}).(*domain.Exchange)
	if !ok || o.Result.Operation == nil || o.Contract == nil {
		return
	}
	e.Contract, e.Operation = o.Contract.Name(), o.Result.Operation.ID
}

// NoteAccount notes whose an exchange is.
func NoteAccount(ctx context.Context, accountID int64) {
	if e, ok := ctx.Value(exchangeKey{}).(*domain.Exchange); ok {
		e.AccountID = accountID
	}
}

// watchedWriter remembers the status and counts the bytes.
type watchedWriter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader passes the status on; that of an interim response is not kept.
func (w *watchedWriter) WriteHeader(status int) {
	if w.status == 0 && (status >= http.StatusOK || status == http.StatusSwitchingProtocols) {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write passes bytes on.
func (w *watchedWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Flush passes on what was written, where that can be done.
func (w *watchedWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// Unwrap is for http.ResponseController.
func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
