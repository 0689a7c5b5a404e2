package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/contract"
)

// CallbackReceiver is an http.Handler that takes the callbacks of a vendor,
// checks them and hands them to the integration. It is safe for concurrent
// use. In a Gin engine it is mounted with
//
//	engine.Any("/maax/*callback", gin.WrapH(receiver))
//
// and with "/maia/*callback" for those of MAIA. The paths are those of the
// callbacks contract, with or without a slash at the end. How MAAX sends a
// callback is not documented, so POST, PUT and PATCH are taken with a body in
// JSON or as a form, and GET with fields in its query. MAIA documents POST.
type CallbackReceiver struct {
	config   CallbackConfig
	routes   map[string]callbackRoute
	secret   [sha256.Size]byte
	contract *contract.Contract
}

type callbackRoute struct {
	operation *contract.Operation
	handle    CallbackFunc
	// secrets of which one must have signed a call; none: no signature.
	secrets []string
	// posted says that the vendor documents the method.
	posted bool
}

// NewCallbackReceiver returns a receiver. The error says which field of the
// configuration is wrong.
func NewCallbackReceiver(config CallbackConfig) (*CallbackReceiver, error) {
	r, err := newCallbackReceiver(config)
	if err != nil {
		return nil, fmt.Errorf("server: callback receiver: %w", err)
	}
	return r, nil
}

func newCallbackReceiver(config CallbackConfig) (*CallbackReceiver, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	r := &CallbackReceiver{config: config, contract: config.Contract, secret: sha256.Sum256([]byte(config.Secret))}
	if err := r.addRoutes(); err != nil {
		return nil, err
	}
	return r, nil
}

// addRoutes looks up the paths of the callbacks that have a handler.
func (r *CallbackReceiver) addRoutes() error {
	r.routes = map[string]callbackRoute{}
	for id, route := range map[string]callbackRoute{
		OperationMAAXAnswer:    {handle: r.config.Answer},
		OperationMAAXFollowUp:  {handle: r.config.FollowUp},
		OperationMAAXEmergency: {handle: r.config.Emergency},
		OperationMAIAMessage:   {handle: r.config.Message, secrets: slices.Clone(r.config.MessageSecrets), posted: true},
		OperationMAIAEvent:     {handle: r.config.Event, secrets: slices.Clone(r.config.EventSecrets), posted: true},
	} {
		if route.handle == nil {
			continue
		}
		op := r.contract.Operation(id)
		if op == nil {
			return fmt.Errorf("contract %s: has no operation %s", r.contract.Name(), id)
		}
		route.operation = op
		r.routes[r.config.BasePath+strings.TrimSuffix(op.Path, "/")] = route
	}
	if len(r.routes) == 0 {
		return errors.New("handlers: none given; set Answer, FollowUp, Emergency, Message or Event")
	}
	return nil
}

// URL is where the vendor should send a callback, given the scheme and host
// that reach this receiver, such as "https://hooks.example.com". It carries the
// secret; query is the integrator's own and comes back in Callback.Query, nil
// for none. The error says that no callback with a handler has the operation.
func (r *CallbackReceiver) URL(origin, operation string, query url.Values) (string, error) {
	for path, route := range r.routes {
		if route.operation.ID != operation {
			continue
		}
		u := strings.TrimSuffix(origin, "/") + path
		if r.config.Secret != "" {
			u += "/" + r.config.Secret
		}
		if len(query) > 0 {
			u += "?" + query.Encode()
		}
		return u, nil
	}
	return "", fmt.Errorf("server: callback %s: has no handler", operation)
}

// ServeHTTP takes one call.
func (r *CallbackReceiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	id := RequestID(req.Context())
	if id == "" {
		id = randomID()
		req = req.WithContext(withRequestID(req.Context(), id))
		w.Header().Set(RequestIDHeader, id)
	}
	query := req.URL.Query()
	route, ok := r.route(req.URL.Path, query)
	if !ok {
		writeProblem(w, Refusal{Status: http.StatusNotFound, Detail: "there is no callback here", RequestID: id})
		return
	}
	if r.config.Secret != "" {
		query.Del(SecretParameter)
	}
	if !route.takes(req.Method, query) {
		w.Header().Set("Allow", route.allow())
		writeProblem(w, Refusal{Status: http.StatusMethodNotAllowed, Detail: "callbacks are sent with POST", RequestID: id})
		return
	}
	r.receive(w, req, route, query)
}

// route finds the callback of a path and checks the secret. The parameter of
// the secret is the integrator's own when there is no secret, so it is looked
// at only with one.
func (r *CallbackReceiver) route(path string, query url.Values) (callbackRoute, bool) {
	path = strings.TrimSuffix(path, "/")
	if r.config.Secret == "" {
		route, ok := r.routes[path]
		return route, ok
	}
	if route, ok := r.routes[path]; ok {
		return route, r.isSecret(query.Get(SecretParameter))
	}
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return callbackRoute{}, false
	}
	route, ok := r.routes[path[:i]]
	return route, ok && r.isSecret(path[i+1:])
}

// isSecret compares in a time that tells neither the contents nor the length.
func (r *CallbackReceiver) isSecret(s string) bool {
	sum := sha256.Sum256([]byte(s))
	return subtle.ConstantTimeCompare(sum[:], r.secret[:]) == 1
}

// takes reports whether a call by this method may be a callback. A GET without
// a query is somebody who looks whether the URL is alive.
func (r callbackRoute) takes(method string, query url.Values) bool {
	switch method {
	case http.MethodPost:
		return true
	case http.MethodPut, http.MethodPatch:
		return !r.posted
	case http.MethodGet:
		return !r.posted && len(query) > 0
	default:
		return false
	}
}

func (r callbackRoute) allow() string {
	if r.posted {
		return http.MethodPost
	}
	return "POST, PUT, PATCH, GET"
}

// receive reads, checks and hands over one callback.
func (r *CallbackReceiver) receive(w http.ResponseWriter, req *http.Request, route callbackRoute, query url.Values) {
	o := Outcome{Direction: contract.DirectionCallback, Contract: r.contract, RequestID: RequestID(req.Context())}
	cb := Callback{
		Operation: route.operation.ID, Method: req.Method, Header: req.Header, Query: query, RequestID: o.RequestID,
	}
	body, over, err := readBody(req, r.config.MaxBodyBytes)
	if err != nil {
		o.Result = contract.Result{Operation: route.operation, Account: contract.AccountUndecodable}
		r.refuse(w, req, o, Refusal{Status: http.StatusBadRequest, Detail: "the body could not be read to its end"})
		return
	}
	if len(route.secrets) > 0 && !over {
		if err := verifyMAIA(req.Header, body, route.secrets); err != nil {
			// Somebody else's call says nothing about the vendor.
			o.Result = contract.Result{Operation: route.operation, Account: contract.AccountSampledOut}
			r.refuse(w, req, o, Refusal{Status: http.StatusUnauthorized, Detail: err.Error()})
			return
		}
	}
	checked := contract.Request{
		Method: req.Method, Header: req.Header, Body: body, Oversize: over,
		// The path and the query are the integrator's own, so the contract
		// has no say in them.
		Target: route.operation.Path,
	}
	o.Result = r.contract.CheckCallback(cb.Operation, &checked)
	if over {
		w.Header().Set("Connection", "close")
		r.refuse(w, req, o, Refusal{
			Status: http.StatusRequestEntityTooLarge,
			Detail: fmt.Sprintf("the body is larger than %d bytes", r.config.MaxBodyBytes),
		})
		return
	}
	if r.config.Mode == ModeEnforce && o.Result.Blocking() {
		r.refuse(w, req, o, Refusal{
			Status: http.StatusBadRequest, Detail: "the callback does not keep the contract", Findings: o.Result.Findings,
		})
		return
	}
	cb.Body, cb.Findings = body, o.Result.Findings
	cb.Fields, cb.Encoding = decodeFields(req, query, body)
	r.report(req, o)
	r.handle(w, req, route, cb)
}

// handle calls the handler and answers for it.
func (r *CallbackReceiver) handle(w http.ResponseWriter, req *http.Request, route callbackRoute, cb Callback) {
	ctx, cancel := context.WithTimeout(req.Context(), r.config.Timeout)
	defer cancel()
	err := safely(ctx, route.handle, cb)
	if err == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	r.config.Logger.ErrorContext(ctx, "callback handler failed",
		"request_id", cb.RequestID, "operation", cb.Operation, "error", err.Error())
	refusal := Refusal{Status: http.StatusInternalServerError, Detail: internalDetail, RequestID: cb.RequestID}
	if p, ok := errors.AsType[publicError](err); ok {
		refusal.Status, refusal.Detail = statusOf(p), p.Public()
	}
	writeProblem(w, refusal)
}

// safely turns a panic of the handler into an error, so that the vendor gets an
// answer and may try again.
func safely(ctx context.Context, handle CallbackFunc, cb Callback) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %s\n%s", panicText(v), debug.Stack())
		}
	}()
	return handle(ctx, cb)
}

func (r *CallbackReceiver) refuse(w http.ResponseWriter, req *http.Request, o Outcome, refusal Refusal) {
	o.Refused, o.Status = true, refusal.Status
	r.report(req, o)
	refusal.RequestID = o.RequestID
	writeProblem(w, refusal)
}

func (r *CallbackReceiver) report(req *http.Request, o Outcome) {
	if r.config.OnResult != nil {
		r.config.OnResult(req.Context(), o)
	}
}

// writeProblem is ProblemErrors without Gin.
func writeProblem(w http.ResponseWriter, r Refusal) {
	body, err := json.Marshal(newProblem(r))
	if err != nil { // Strings and numbers only: it cannot fail.
		w.WriteHeader(r.Status)
		return
	}
	w.Header().Set("Content-Type", ProblemType)
	w.WriteHeader(r.Status)
	// An error here means that the client went away.
	_, _ = w.Write(body)
}
