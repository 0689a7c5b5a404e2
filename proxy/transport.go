package proxy

import (
	"net"
	"net/http"
	"time"
)

// maxResponseHeaderBytes bounds the header of an upstream's response.
const maxResponseHeaderBytes = 1 << 20

// NewTransport returns the transport that a Proxy builds on by default: HTTP/1.1,
// kept-alive connections, no proxy of the environment, no decompression, TLS
// verified as Options.TLS says. Idle connections stay open until CloseIdleConnections.
func NewTransport(o Options) *http.Transport {
	o = o.withLimits()
	dialer := &net.Dialer{Timeout: o.DialTimeout, KeepAlive: 30 * time.Second}
	return &http.Transport{
		DialContext:            dialer.DialContext,
		TLSClientConfig:        o.TLS,
		TLSHandshakeTimeout:    o.DialTimeout,
		ResponseHeaderTimeout:  o.ResponseTimeout,
		ExpectContinueTimeout:  time.Second,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConns:           o.MaxIdleConns,
		MaxIdleConnsPerHost:    o.MaxIdleConns,
		MaxResponseHeaderBytes: maxResponseHeaderBytes,
		DisableCompression:     true,
	}
}
