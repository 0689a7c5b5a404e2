package proxy

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
)

// What may stand in Exchange.Failure; none holds a value of the messages.
const (
	failureClientGone   = "the client closed the connection before the response was passed on"
	failureClientBroke  = "the client broke off the request"
	failureClientSlow   = "the client did not send the body in time"
	failureBrokeOff     = "the upstream broke off the response"
	failureStalled      = "the upstream stalled in the middle of the response"
	failureTimeout      = "the upstream did not answer in time"
	failureDial         = "the upstream could not be connected to"
	failureTLS          = "the upstream's certificate could not be verified"
	failureReset        = "the upstream closed the connection without a response"
	failureNonsense     = "the upstream's answer is not HTTP"
	failureTarget       = "the request target cannot be passed on unchanged"
	failureField        = "the request holds a line break where none may be, and was not sent"
	failureStreamAnswer = "the upstream switched to a protocol that was not asked for"
	failureHeader       = "the upstream's response header is too large"
)

// upstreamFailed ends an exchange that has no response to pass on.
func (e *exchange) upstreamFailed(err error) {
	switch {
	case errors.Is(err, errBlocked):
		e.answerProblem(problemResponseRefused, "the upstream's response breaks the contract and was not passed on", e.record.Findings)
		return
	case errors.Is(err, errTarget):
		e.record.Failure = failureTarget
		e.answerProblem(problemTarget, "the request target begins with // and holds characters that would have to be encoded", nil)
		return
	case errors.Is(err, errField):
		e.record.Failure = failureField
		e.answerProblem(problemTarget, failureField, nil)
		return
	case e.request != nil && e.request.broken() != nil:
		e.record.Failure, e.abort = failureClientBroke, true
		return
	case e.clientGone():
		e.record.Failure, e.abort = failureClientGone, true
		return
	}
	failure, kind := classify(err)
	e.record.Failure = failure
	e.answerProblem(kind, failure, nil)
}

// bodyFailure says why a response broke off while it was passed on.
func (e *exchange) bodyFailure(err error) string {
	switch {
	case err == nil, e.clientGone():
		return failureClientGone
	case errors.Is(err, errStalled):
		return failureStalled
	}
	return failureBrokeOff
}

// classify says in our own words what went wrong upstream: errors of net/http
// may quote the wire.
func classify(err error) (failure string, kind problemKind) {
	var timeout net.Error
	var op *net.OpError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verification *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errStalled):
		return failureStalled, problemUpstreamTimeout
	case errors.Is(err, errBrokeOff):
		return failureBrokeOff, problemUpstreamInvalid
	case errors.As(err, &timeout) && timeout.Timeout():
		return failureTimeout, problemUpstreamTimeout
	case errors.As(err, &verification), errors.As(err, &unknown), errors.As(err, &host), errors.As(err, &invalid):
		return failureTLS, problemUpstreamUnreachable
	case errors.As(err, &op) && op.Op == "dial":
		return failureDial, problemUpstreamUnreachable
	case errors.Is(err, errNonsense), strings.Contains(err.Error(), "malformed"), strings.Contains(err.Error(), "Content-Length"):
		return failureNonsense, problemUpstreamInvalid
	case strings.Contains(err.Error(), "exceeded"):
		return failureHeader, problemUpstreamInvalid
	case strings.Contains(err.Error(), "protocol"):
		return failureStreamAnswer, problemUpstreamInvalid
	}
	return failureReset, problemUpstreamInvalid
}
