package manage

import (
	"context"
	"io"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/gen/management/ginserver"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// Clock tells the time.
type Clock interface{ Now() time.Time }

// URLChecker says whether a URL could ever be called.
type URLChecker interface{ CheckURL(raw string) error }

// Replayer sends deliveries once more.
type Replayer interface {
	Replay(ctx context.Context, publicID string) (store.FoundDelivery, error)
}

// API is the operations. It may be used concurrently. All fields are needed but
// Advance.
type API struct {
	Store    *store.Store
	Replayer Replayer
	URLs     URLChecker
	Clock    Clock
	// Random makes keys, tokens and secrets.
	Random  io.Reader
	Journal *Journal
	// Advance lets time pass. Nil means that the clock is the system's.
	Advance func(ctx context.Context, d time.Duration) error
}

var _ ginserver.StrictServerInterface = (*API)(nil)

// plain is the context to go on with. Generated servers hand over Gin's, which
// Gin uses again for another request as soon as the handler returns.
func plain(ctx context.Context) context.Context {
	if c, ok := ctx.(*gin.Context); ok {
		return c.Request.Context()
	}
	return ctx
}
