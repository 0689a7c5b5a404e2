package server

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gin-gonic/gin"

	maia "github.com/parley-contracts/parley/gen/maia/ginserver"
)

var errNoEscapedPath = errors.New("engine: UseEscapedPath is off, so a session id with an escaped slash would not be found; make it with NewEngine")

// MountMAIA is MountMAAXV1 for the MAIA contract, with MAIAErrors for the
// default shape. The key of an attachment, which has slashes, is taken both with
// its slashes as they are and with escaped ones; the handler gets it whole.
func MountMAIA(router gin.IRouter, handlers maia.StrictServerInterface, config MountConfig) error {
	err := mountable(router, handlers)
	if e, ok := router.(*gin.Engine); err == nil && ok && !e.UseEscapedPath {
		err = errNoEscapedPath
	}
	if err != nil {
		return fmt.Errorf("server: mount MAIA: %w", err)
	}
	h := hooks{config.withDefaults(MAIAErrors)}
	strict := maia.NewStrictHandlerWithOptions(handlers,
		[]maia.StrictMiddlewareFunc{func(f maia.StrictHandlerFunc, _ string) maia.StrictHandlerFunc {
			return answered(f)
		}},
		maia.StrictGinServerOptions{
			RequestErrorHandlerFunc:  h.request,
			HandlerErrorFunc:         h.handler,
			ResponseErrorHandlerFunc: h.response,
		})
	maia.RegisterHandlersWithOptions(keyRouter{router}, strict, maia.GinServerOptions{
		BaseURL:      h.BasePath,
		ErrorHandler: h.parameter,
	})
	return nil
}

// keyRouter registers the parameter that the contract marks as x-wildcard for
// one that takes the rest of the path: OpenAPI has no such parameters, so the
// generated server has one segment.
type keyRouter struct {
	gin.IRouter
}

const keyParam = "fileKey"

// GET registers a route.
func (r keyRouter) GET(path string, handlers ...gin.HandlerFunc) gin.IRoutes {
	if prefix, ok := strings.CutSuffix(path, "/:"+keyParam); ok {
		return r.IRouter.GET(prefix+"/*"+keyParam, append([]gin.HandlerFunc{trimKey}, handlers...)...)
	}
	return r.IRouter.GET(path, handlers...)
}

// trimKey takes off the slash that Gin leaves in front of the rest of a path.
func trimKey(c *gin.Context) {
	for i := range c.Params {
		if c.Params[i].Key == keyParam {
			c.Params[i].Value = strings.TrimPrefix(c.Params[i].Value, "/")
		}
	}
}
