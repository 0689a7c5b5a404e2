package server_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/contract"
	maaxv2 "github.com/parley-contracts/parley/gen/maaxv2/ginserver"
	"github.com/parley-contracts/parley/server"
)

// BenchmarkValidate is one V2 message of about 500 bytes through a Gin engine
// to a generated handler: as Gin makes it, with our engine, and with the check.
func BenchmarkValidate(b *testing.B) {
	body := strings.Replace(goodSend, "What does", strings.Repeat("What does it cost? ", 7)+"What does", 1)
	b.Logf("body of %d bytes", len(body))
	h := &handlers{send: func(context.Context, maaxv2.CreateOutgoingMessageRequestObject) (sendResult, error) {
		return maaxv2.CreateOutgoingMessage200JSONResponse{IncomingMessageID: 1}, nil
	}}
	bare := gin.New()
	maaxv2.RegisterHandlers(bare, maaxv2.NewStrictHandler(v2{handlers: h}, nil))
	mounted := func(middlewares ...gin.HandlerFunc) http.Handler {
		e := server.NewEngine(server.EngineConfig{})
		e.Use(middlewares...)
		if err := server.MountMAAXV2(e, v2{handlers: h}, server.MountConfig{}); err != nil {
			b.Fatal(err)
		}
		return e
	}
	validate, err := server.Validate(server.Config{Contracts: loadContracts(b, contract.Config{}), Authenticate: knowKey})
	if err != nil {
		b.Fatal(err)
	}
	checked, err := server.CheckResponses(server.ResponseConfig{Contracts: loadContracts(b, contract.Config{})})
	if err != nil {
		b.Fatal(err)
	}
	for _, bb := range []struct {
		name    string
		handler http.Handler
	}{
		{"bare gin", bare},
		{"engine", mounted()},
		{"validate", mounted(validate)},
		{"validate and responses", mounted(checked, validate)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				req := httptest.NewRequest(http.MethodPost, pathSend, strings.NewReader(body))
				req.Header.Set("Content-Type", "application/json")
				req.Header.Set("2hd-Api-Key", goodKey)
				w := httptest.NewRecorder()
				bb.handler.ServeHTTP(w, req)
				if w.Code != http.StatusOK {
					b.Fatalf("status %d: %s", w.Code, w.Body)
				}
			}
		})
	}
}
