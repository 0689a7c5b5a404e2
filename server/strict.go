package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"reflect"

	"github.com/gin-gonic/gin"
)

// MountConfig sets up the mounting of a generated server. The zero value is
// ready to use; a mount for the MAAX contracts wants Shape MAAXErrors.
type MountConfig struct {
	// BasePath is put in front of every path, such as "/vendor"; give it to
	// Validate too. Default none.
	BasePath string
	// Shape writes the errors of handlers. Default MAAXErrors for the MAAX
	// contracts, MAIAErrors for MAIA, ProblemErrors for callbacks.
	Shape ErrorShape
	// Logger gets what clients are not told. Default slog.Default().
	Logger *slog.Logger
}

// withDefaults returns the configuration with every zero field set.
func (c MountConfig) withDefaults(shape ErrorShape) MountConfig {
	if c.Shape == nil {
		c.Shape = shape
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

var (
	errNoHandlers = errors.New("handlers: none given")
	errNoFallback = errors.New("engine: ContextWithFallback is off, so handlers would not see a cancelled request; make it with NewEngine")
	errNoResponse = errors.New("handler returned neither a response nor an error")
)

// mountable checks what can be known of the router and the handlers before the
// first request.
func mountable(router gin.IRouter, handlers any) error {
	if isNil(handlers) {
		return errNoHandlers
	}
	if e, ok := router.(*gin.Engine); ok && !e.ContextWithFallback {
		return errNoFallback
	}
	return nil
}

// answered turns a handler that returns nothing at all into one that returns an
// error: the generated server would answer 200 with an empty body.
func answered(f func(*gin.Context, any) (any, error)) func(*gin.Context, any) (any, error) {
	return func(c *gin.Context, request any) (any, error) {
		response, err := f(c, request)
		if err == nil && isNil(response) {
			return nil, errNoResponse
		}
		return response, err
	}
}

// isNil reports whether v is nil or a pointer, map, slice or function that is.
func isNil(v any) bool {
	if v == nil {
		return true
	}
	switch rv := reflect.ValueOf(v); rv.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan, reflect.Interface:
		return rv.IsNil()
	default:
		return false
	}
}

// hooks are the error handlers of a generated server; their defaults would
// write Go error text to the client.
type hooks struct {
	MountConfig
}

// parameter answers a path or query parameter that does not bind.
func (h hooks) parameter(c *gin.Context, err error, status int) {
	h.log(c, slog.LevelDebug, "parameter not bound", err)
	refuse(c, h.Shape, Refusal{Status: status, Detail: "a parameter is missing or not of its type"})
}

// request answers a body that does not bind.
func (h hooks) request(c *gin.Context, err error) {
	h.log(c, slog.LevelDebug, "body not bound", err)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		refuse(c, h.Shape, Refusal{Status: http.StatusRequestEntityTooLarge, Detail: "the body is too large"})
		return
	}
	refuse(c, h.Shape, Refusal{Status: http.StatusBadRequest, Detail: "the body cannot be decoded as the operation's request"})
}

// handler answers an error that a handler returned.
func (h hooks) handler(c *gin.Context, err error) {
	r := Refusal{Status: http.StatusInternalServerError, Detail: internalDetail}
	if p, ok := errors.AsType[publicError](err); ok {
		r.Status, r.Detail = statusOf(p), p.Public()
	}
	level := slog.LevelDebug
	if r.Status >= http.StatusInternalServerError && !gone(c, err) {
		level = slog.LevelError
	}
	h.log(c, level, "handler failed", err)
	refuse(c, h.Shape, r)
}

// response handles an answer that could not be written. When it has begun, the
// client went away or the connection broke: there is nobody to tell.
func (h hooks) response(c *gin.Context, err error) {
	if c.Writer.Written() {
		h.log(c, slog.LevelDebug, "response not written to its end", err)
		return
	}
	h.log(c, slog.LevelError, "response not encoded", err)
	refuse(c, h.Shape, Refusal{Status: http.StatusInternalServerError, Detail: internalDetail})
}

// gone reports whether err only says that the client is no longer there.
func gone(c *gin.Context, err error) bool {
	return errors.Is(err, context.Canceled) && c.Request.Context().Err() != nil
}

// log writes one line. An error of decoding may quote the message, so only its
// type is written then.
func (h hooks) log(c *gin.Context, level slog.Level, msg string, err error) {
	ctx := c.Request.Context()
	detail := slog.String("error", err.Error())
	if level == slog.LevelDebug {
		detail = slog.String("error_type", reflect.TypeOf(err).String())
	}
	h.Logger.LogAttrs(ctx, level, msg,
		slog.String("request_id", RequestID(ctx)),
		slog.String("method", c.Request.Method),
		slog.String("route", c.FullPath()),
		detail)
}
