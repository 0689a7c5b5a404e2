package server

import (
	"fmt"

	"github.com/gin-gonic/gin"

	callbacks "github.com/parley-contracts/parley/gen/callbacks/ginserver"
	maaxv1 "github.com/parley-contracts/parley/gen/maaxv1/ginserver"
	maaxv2 "github.com/parley-contracts/parley/gen/maaxv2/ginserver"
)

// MountMAAXV1 adds the operations of the MAAX V1 contract to an engine of
// NewEngine, or to a group of one. Errors that a handler returns are answered
// in the shape of the configuration: as they say when they have HTTPStatus and
// Public, see Error, else with 500 and no detail. So is a handler that returns
// neither a response nor an error.
//
// It checks nothing that Validate checks: Use that first. The error says that
// there are no handlers or that the engine lacks a setting.
func MountMAAXV1(router gin.IRouter, handlers maaxv1.StrictServerInterface, config MountConfig) error {
	if err := mountable(router, handlers); err != nil {
		return fmt.Errorf("server: mount MAAX V1: %w", err)
	}
	h := hooks{config.withDefaults(MAAXErrors)}
	strict := maaxv1.NewStrictHandlerWithOptions(handlers,
		[]maaxv1.StrictMiddlewareFunc{func(f maaxv1.StrictHandlerFunc, _ string) maaxv1.StrictHandlerFunc {
			return answered(f)
		}},
		maaxv1.StrictGinServerOptions{
			RequestErrorHandlerFunc:  h.request,
			HandlerErrorFunc:         h.handler,
			ResponseErrorHandlerFunc: h.response,
		})
	maaxv1.RegisterHandlersWithOptions(router, strict, maaxv1.GinServerOptions{
		BaseURL:      h.BasePath,
		ErrorHandler: h.parameter,
	})
	return nil
}

// MountMAAXV2 is MountMAAXV1 for the MAAX V2 contract.
func MountMAAXV2(router gin.IRouter, handlers maaxv2.StrictServerInterface, config MountConfig) error {
	if err := mountable(router, handlers); err != nil {
		return fmt.Errorf("server: mount MAAX V2: %w", err)
	}
	h := hooks{config.withDefaults(MAAXErrors)}
	strict := maaxv2.NewStrictHandlerWithOptions(handlers,
		[]maaxv2.StrictMiddlewareFunc{func(f maaxv2.StrictHandlerFunc, _ string) maaxv2.StrictHandlerFunc {
			return answered(f)
		}},
		maaxv2.StrictGinServerOptions{
			RequestErrorHandlerFunc:  h.request,
			HandlerErrorFunc:         h.handler,
			ResponseErrorHandlerFunc: h.response,
		})
	maaxv2.RegisterHandlersWithOptions(router, strict, maaxv2.GinServerOptions{
		BaseURL:      h.BasePath,
		ErrorHandler: h.parameter,
	})
	return nil
}

// MountCallbacks is MountMAAXV1 for the contract of the callbacks, for
// receivers that want the generated types. It takes JSON by POST alone; as no
// vendor documents its callbacks, CallbackReceiver is the safer choice.
func MountCallbacks(router gin.IRouter, handlers callbacks.StrictServerInterface, config MountConfig) error {
	if err := mountable(router, handlers); err != nil {
		return fmt.Errorf("server: mount callbacks: %w", err)
	}
	h := hooks{config.withDefaults(ProblemErrors)}
	strict := callbacks.NewStrictHandlerWithOptions(handlers,
		[]callbacks.StrictMiddlewareFunc{func(f callbacks.StrictHandlerFunc, _ string) callbacks.StrictHandlerFunc {
			return answered(f)
		}},
		callbacks.StrictGinServerOptions{
			RequestErrorHandlerFunc:  h.request,
			HandlerErrorFunc:         h.handler,
			ResponseErrorHandlerFunc: h.response,
		})
	callbacks.RegisterHandlersWithOptions(router, strict, callbacks.GinServerOptions{
		BaseURL:      h.BasePath,
		ErrorHandler: h.parameter,
	})
	return nil
}
