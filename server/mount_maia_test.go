package server_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/api"
	client "github.com/parley-contracts/parley/client/maia"
	"github.com/parley-contracts/parley/contract"
	maia "github.com/parley-contracts/parley/gen/maia/ginserver"
	"github.com/parley-contracts/parley/server"
)

// maiaService answers the operations that the tests call.
type maiaService struct {
	maia.StrictServerInterface
	got chan string
}

func (s maiaService) GetAttachment(_ context.Context, r maia.GetAttachmentRequestObject) (maia.GetAttachmentResponseObject, error) {
	s.got <- r.FileKey
	if r.FileKey == "attachments/missing" {
		return nil, server.NotFound("no such file")
	}
	return maia.GetAttachment200JSONResponse{DownloadURL: "https://d.example/x", ExpiresAt: 1, ContentType: "image/png", Size: 3}, nil
}

func (s maiaService) SetAIPaused(_ context.Context, r maia.SetAIPausedRequestObject) (maia.SetAIPausedResponseObject, error) {
	s.got <- r.SessionID
	return maia.SetAIPaused200JSONResponse{SessionID: r.SessionID, AIPaused: r.Body.AIPaused, Message: "m"}, nil
}

func (s maiaService) LinkMessage(_ context.Context, r maia.LinkMessageRequestObject) (maia.LinkMessageResponseObject, error) {
	s.got <- r.SessionID + " " + r.MessageID
	return maia.LinkMessage200JSONResponse{}, nil
}

// newMAIA starts a service that checks requests and responses.
func newMAIA(tb testing.TB, base string) (*httptest.Server, maiaService, chan server.Outcome) {
	tb.Helper()
	c, err := contract.Load(api.FS, "openapi-maia.yaml", contract.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	outcomes := make(chan server.Outcome, 16)
	report := func(_ context.Context, o server.Outcome) { outcomes <- o }
	check, err := server.CheckResponses(server.ResponseConfig{Contracts: contract.Set{c}, OnResult: report, BasePath: base})
	if err != nil {
		tb.Fatal(err)
	}
	validate, err := server.Validate(server.Config{Contracts: contract.Set{c}, Shape: server.MAIAErrors, OnResult: report, BasePath: base})
	if err != nil {
		tb.Fatal(err)
	}
	engine := server.NewEngine(server.EngineConfig{Shape: server.MAIAErrors})
	engine.Use(check, validate)
	s := maiaService{got: make(chan string, 16)}
	if err := server.MountMAIA(engine, s, server.MountConfig{BasePath: base}); err != nil {
		tb.Fatal(err)
	}
	srv := httptest.NewServer(engine)
	tb.Cleanup(srv.Close)
	return srv, s, outcomes
}

// TestMountMAIAFileKey sends keys as the client does, and escaped.
func TestMountMAIAFileKey(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"", "/vendor/maia"} {
		srv, s, outcomes := newMAIA(t, base)
		for target, want := range map[string]string{
			"/attachments/attachments/acc1/2024/12/5f3a-photo.jpg": "attachments/acc1/2024/12/5f3a-photo.jpg",
			"/attachments/attachments%2Facc1%2Fx.jpg":              "attachments/acc1/x.jpg",
			"/attachments/attachments/a%20b+c%252F%C3%A9?x=/y":     "attachments/a b+c%2Fé",
			"/attachments/x.jpg":                                   "x.jpg",
		} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+base+target, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer t")
			if a := send(t, req); a.status != http.StatusOK {
				t.Errorf("%s: answer = %d %s", target, a.status, a.body)
				continue
			}
			if got := <-s.got; got != want {
				t.Errorf("%s: key = %q, want %q", target, got, want)
			}
			for range 2 {
				if o := <-outcomes; o.Refused || o.Result.Operation == nil || o.Result.Operation.ID != "getAttachment" {
					t.Errorf("%s: outcome = %+v", target, o)
				}
			}
		}
	}
}

// TestMountMAIAWithClient has both ends of this module talk.
func TestMountMAIAWithClient(t *testing.T) {
	t.Parallel()
	srv, s, _ := newMAIA(t, "/vendor")
	c, err := client.New(client.Config{Token: "t", BaseURL: srv.URL + "/vendor"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	const odd = "a/b c?d%2F#é+"
	if err := c.PauseAI(t.Context(), odd); err != nil || <-s.got != odd {
		t.Errorf("PauseAI = %v", err)
	}
	if err := c.Link(t.Context(), client.Link{SessionID: odd, MessageID: "status", ProviderMessageID: "p"}); err != nil || <-s.got != odd+" status" {
		t.Errorf("Link = %v", err)
	}
	if d, err := c.DownloadURL(t.Context(), "attachments/"+odd); err != nil || d.Size != 3 || <-s.got != "attachments/"+odd {
		t.Errorf("DownloadURL = %+v, %v", d, err)
	}
	_, err = c.DownloadURL(t.Context(), "attachments/missing")
	if err == nil || err.Error() != "maia: getAttachment: status 404: no such file" {
		t.Errorf("DownloadURL of a missing file = %v", err)
	}
}

func TestMAIAErrors(t *testing.T) {
	t.Parallel()
	srv, _, _ := newMAIA(t, "")
	for _, tt := range []struct{ method, target, token, body, want string }{
		{"POST", "/messages", "t", `{"content":7,"fromChannelIdentifier":"c"}`, `400 {"error":"Bad Request","message":"body /content: must be a string"}`},
		{"POST", "/messages", "", `{"content":"x","fromChannelIdentifier":"c"}`, `401 {"error":"Unauthorized","message":"the credentials that the operation needs are missing"}`},
		{"GET", "/nothing", "t", "", `404 {"error":"Not Found","message":"path: fits no path of the contract"}`},
		{"GET", "/attachmentsx/a/b", "t", "", `404 {"error":"Not Found","message":"path: fits no path of the contract"}`},
		{"DELETE", "/kanbans", "t", "", `405 {"error":"Method Not Allowed","message":`},
	} {
		req, err := http.NewRequestWithContext(t.Context(), tt.method, srv.URL+tt.target, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		if tt.token != "" {
			req.Header.Set("Authorization", "Bearer "+tt.token)
		}
		req.Header.Set("Content-Type", "application/json")
		a := send(t, req)
		if got := fmt.Sprint(a.status, " ", a.body); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s %s: answer = %s, want %s", tt.method, tt.target, got, tt.want)
		}
	}
}

func TestMountMAIARejects(t *testing.T) {
	t.Parallel()
	plain := gin.New()
	plain.ContextWithFallback = true
	for want, err := range map[string]error{
		"MAIA: handlers: none": server.MountMAIA(server.NewEngine(server.EngineConfig{}), nil, server.MountConfig{}),
		"ContextWithFallback":  server.MountMAIA(gin.New(), maiaService{}, server.MountConfig{}),
		"UseEscapedPath":       server.MountMAIA(plain, maiaService{}, server.MountConfig{}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Mount = %v, want %q in it", err, want)
		}
	}
}
