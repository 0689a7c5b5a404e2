package server

import (
	"fmt"

	"github.com/gin-gonic/gin"

	management "github.com/parley-contracts/parley/gen/management/ginserver"
)

// MountManagement is MountMAAXV1 for the contract of the reference server's
// management, with ProblemErrors for the default shape.
func MountManagement(router gin.IRouter, handlers management.StrictServerInterface, config MountConfig) error {
	if err := mountable(router, handlers); err != nil {
		return fmt.Errorf("server: mount management: %w", err)
	}
	h := hooks{config.withDefaults(ProblemErrors)}
	strict := management.NewStrictHandlerWithOptions(handlers,
		[]management.StrictMiddlewareFunc{func(f management.StrictHandlerFunc, _ string) management.StrictHandlerFunc {
			return answered(f)
		}},
		management.StrictGinServerOptions{
			RequestErrorHandlerFunc:  h.request,
			HandlerErrorFunc:         h.handler,
			ResponseErrorHandlerFunc: h.response,
		})
	management.RegisterHandlersWithOptions(router, strict, management.GinServerOptions{
		BaseURL:      h.BasePath,
		ErrorHandler: h.parameter,
	})
	return nil
}
