package proxy

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

func TestTargets(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, base, sent, want string }{
		{"plain", "", "/a", "/a"},
		{"double slash inside", "", "/a//b", "/a//b"},
		{"double slash first", "", "//a/b?c", "//a/b?c"},
		{"escaped slash", "", "/a%2Fb%2fc", "/a%2Fb%2fc"},
		{"double slash first and more", "", "//a|b", "//a|b"},
		{"escaped first double slash", "", "//a%2Fb", "//a%2Fb"},
		{"dots", "", "/a/../b/./c", "/a/../b/./c"},
		{"semicolon", "", "/a;b=c", "/a;b=c"},
		{"odd query", "", "/?x=1;y=2&bad=%zz&&=&a", "/?x=1;y=2&bad=%zz&&=&a"},
		{"empty query", "", "/a?", "/a?"},
		{"two question marks", "", "/a??b?", "/a??b?"},
		{"characters that are not for URLs", "", `/|{}"<>^` + "`\\[]", `/|{}"<>^` + "`\\[]"},
		{"bytes beyond ASCII", "", "/\xe4\xc3\xa4", "/\xe4\xc3\xa4"},
		{"fragment", "", "/a#b", "/a#b"},
		{"base path", "/base", "/a%2Fb?c", "/base/a%2Fb?c"},
		{"base path with slash", "/base/", "//a", "/base//a"},
		{"absolute form", "", "http://vendor.example/a/?b", "/a/?b"},
		{"absolute form without path", "", "http://vendor.example", "/"},
		{"absolute form with query only", "", "http://vendor.example?a", "/?a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			u, requests := okUpstream(t)
			u.Path = tt.base
			h := start(t, Config{Upstream: u}, nil)
			h.roundTrip(t, get(tt.sent))
			if got, want := receive(t, requests).Start, "GET "+tt.want+" HTTP/1.1"; got != want {
				t.Errorf("upstream got %q, want %q", got, want)
			}
		})
	}
}

func TestTargetThatCannotBeSentIsRefusedNotChanged(t *testing.T) {
	t.Parallel()
	u, requests := okUpstream(t)
	h := start(t, Config{Upstream: u, Options: Options{Transport: NewTransport(Options{})}}, nil)
	got := problemOf(t, h.roundTrip(t, get("//a|b")))
	if got.Status != http.StatusBadRequest || got.Type != "urn:parley:problem:request-target" {
		t.Errorf("got %+v, want a 400 of type request-target", got)
	}
	if x := h.ledger.next(t); x.Failure != failureTarget || x.Request.Account != contract.AccountUnmatched {
		t.Errorf("exchange is %+v, want a failure about the target", x)
	}
	if n := len(requests); n != 0 {
		t.Errorf("upstream got %d requests, want none", n)
	}
}

// problemOf reads a problem document.
func problemOf(t testing.TB, m message) Problem {
	t.Helper()
	if got := m.get("Content-Type"); !cmp.Equal(got, []string{"application/problem+json"}) {
		t.Fatalf("content type is %q of %s %q, want a problem document", got, m.Start, m.Body)
	}
	var p Problem
	if err := json.Unmarshal(m.Body, &p); err != nil {
		t.Fatal(err)
	}
	if p.Status != m.status() {
		t.Errorf("problem says status %d, the response %d", p.Status, m.status())
	}
	return p
}

func TestNothingIsAdded(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name            string
		request         string
		upstreamGot     []string
		response        string
		wantFieldsNames []string
	}{
		{
			"bare get", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", []string{"Host"},
			"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", []string{"Content-Length"},
		},
		{
			"bare post", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", []string{"Host", "Content-Length"},
			"HTTP/1.1 204 No Content\r\n\r\n", nil,
		},
		{
			"streamed post", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", []string{"Host", "Transfer-Encoding"},
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n<html>\r\n0\r\n\r\n", []string{"Transfer-Encoding"},
		},
		{
			"empty agent", "GET / HTTP/1.1\r\nHost: a\r\nUser-Agent:\r\n\r\n", []string{"Host", "User-Agent"},
			"HTTP/1.1 304 Not Modified\r\n\r\n", nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			u, requests := answering(t, func(message) []byte { return []byte(tt.response) })
			h := start(t, Config{Upstream: u}, nil)
			response := h.roundTrip(t, []byte(tt.request))
			if got := fieldNames(receive(t, requests)); !cmp.Equal(got, tt.upstreamGot) {
				t.Errorf("upstream got the fields %q, want %q", got, tt.upstreamGot)
			}
			if got := fieldNames(response); !cmp.Equal(got, tt.wantFieldsNames) {
				t.Errorf("client got the fields %q, want %q", got, tt.wantFieldsNames)
			}
		})
	}
}

// fieldNames are the names of a message's fields as net/http spells them.
func fieldNames(m message) []string {
	var out []string
	for _, f := range m.Fields {
		out = append(out, http.CanonicalHeaderKey(f.Name))
	}
	return out
}

func TestHost(t *testing.T) {
	t.Parallel()
	for _, preserve := range []bool{false, true} {
		u, requests := okUpstream(t)
		h := start(t, Config{Upstream: u, PreserveHost: preserve}, nil)
		h.roundTrip(t, get("/"))
		h.roundTrip(t, []byte("POST / HTTP/1.1\r\nHost: vendor.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
		want := u.Host
		if preserve {
			want = "vendor.example"
		}
		for range 2 {
			if got := receive(t, requests).get("Host"); !cmp.Equal(got, []string{want}) {
				t.Errorf("with PreserveHost %v the host is %q, want %q", preserve, got, want)
			}
		}
	}
}

func TestNewRefusesBadConfig(t *testing.T) {
	t.Parallel()
	tests := map[string]Config{
		"no upstream":         {},
		"scheme must be":      {Upstream: &url.URL{Scheme: "ftp", Host: "a"}},
		"no host":             {Upstream: &url.URL{Scheme: "http"}},
		"credentials":         {Upstream: &url.URL{Scheme: "http", Host: "a", User: url.UserPassword("u", "hush")}},
		"query or fragment":   {Upstream: &url.URL{Scheme: "http", Host: "a", RawQuery: "b"}},
		`mode "strict": must`: {Upstream: &url.URL{Scheme: "http", Host: "a"}, Mode: "strict"},
	}
	for want, config := range tests {
		_, err := New(config)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("New says %v, want %q and no password", err, want)
		}
	}
}
