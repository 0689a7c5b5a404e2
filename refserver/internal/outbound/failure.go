package outbound

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
)

// failed turns the error of a try without a response into an Attempt. Only
// words made here are used: the texts of net and net/http hold URLs, addresses
// and names.
func failed(ctx context.Context, err error) Attempt {
	switch {
	case errors.Is(err, errAddress):
		return Attempt{Outcome: OutcomeRefused, Reason: errAddress.Error()}
	case errors.Is(err, errPort):
		return Attempt{Outcome: OutcomeRefused, Reason: errPort.Error()}
	case ctx.Err() != nil:
		return Attempt{Outcome: OutcomeRetry, Reason: "ended by the caller"}
	default:
		return Attempt{Outcome: OutcomeRetry, Reason: failureReason(err)}
	}
}

func failureReason(err error) string {
	var lookup *net.DNSError
	if errors.As(err, &lookup) {
		switch {
		case lookup.IsNotFound:
			return "host name not found"
		case lookup.IsTimeout:
			return "time-out: host name not resolved"
		default:
			return "host name not resolved"
		}
	}
	var operation *net.OpError
	dialing := errors.As(err, &operation) && operation.Op == "dial"
	var timeout net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || (errors.As(err, &timeout) && timeout.Timeout()) {
		if dialing {
			return "time-out: not connected"
		}
		return "time-out: no response"
	}
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &certificate):
		return "tls: certificate not trusted"
	case errors.As(err, &record), errors.As(err, &alert), errors.Is(err, http.ErrSchemeMismatch):
		return "tls: handshake failed"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "connection closed before a response"
	case dialing:
		return "not connected"
	default:
		return "no valid response"
	}
}
