package proxy

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// wireCase is a request and the response to it, in parts that can be made up.
type wireCase struct {
	method, target  string
	requestFields   []field
	requestBody     []byte
	requestChunked  bool
	requestTrailers []field

	status           int
	responseFields   []field
	responseBody     []byte
	responseChunked  bool
	responseTrailers []field
}

// request is the case's request on the wire.
func (c wireCase) request() message {
	return message{
		Start:    c.method + " " + c.target + " HTTP/1.1",
		Fields:   append([]field{{"Host", "vendor.example"}}, c.requestFields...),
		Body:     c.requestBody,
		Chunked:  c.requestChunked,
		NoLength: !c.requestChunked && len(c.requestBody) == 0,
		Trailers: c.requestTrailers,
	}
}

// response is the case's response on the wire.
func (c wireCase) response() message {
	m := message{
		Start:    fmt.Sprintf("HTTP/1.1 %d Whatever", c.status),
		Fields:   c.responseFields,
		Body:     c.responseBody,
		Chunked:  c.responseChunked,
		Trailers: c.responseTrailers,
	}
	if c.method == http.MethodHead || c.status == 204 || c.status == 304 {
		m.Body, m.Chunked, m.Trailers = nil, false, nil
		m.NoLength = c.status == 204 || c.status == 304
	}
	return m
}

// identityRig is a proxy in front of an upstream that answers with whatever
// the case at hand says.
type identityRig struct {
	harness *harness
	cases   chan wireCase
	seen    chan message
}

func newIdentityRig(t testing.TB, config Config) *identityRig {
	rig := &identityRig{cases: make(chan wireCase, 1), seen: make(chan message, 1)}
	config.Upstream = rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
		m, err := readMessage(r, true, "")
		if err != nil {
			return err
		}
		rig.seen <- m
		_, err = conn.Write((<-rig.cases).response().bytes())
		return err
	})
	rig.harness = start(t, config, nil)
	return rig
}

// fataler is what testing.TB and rapid.T have in common.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// check sends a case through and compares both ends.
func (rig *identityRig) check(tb testing.TB, t fataler, c wireCase) {
	t.Helper()
	rig.cases <- c
	conn, err := net.Dial("tcp", rig.harness.server.Listener.Addr().String())
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	defer func() { _ = conn.Close() }()
	sent := c.request()
	if _, err := conn.Write(sent.bytes()); err != nil {
		t.Fatalf("send: %v", err)
	}
	got, err := readMessage(bufio.NewReader(conn), false, c.method)
	if err != nil {
		t.Fatalf("read response to %q: %v", sent.Start, err)
	}
	select {
	case seen := <-rig.seen:
		compare(t, "request", seen, sent)
	default:
		t.Fatalf("request %q never reached the upstream, the client got %q %s", sent.Start, got.Start, got.Body)
	}
	want := c.response()
	if got.status() != want.status() {
		t.Fatalf("status is %d, want %d", got.status(), want.status())
	}
	got.Start, want.Start = "", ""
	compare(t, "response", got, want)
	rig.harness.ledger.next(tb)
}

// compare compares what must be the same.
func compare(t fataler, what string, got, want message) {
	t.Helper()
	if got.Start != want.Start {
		t.Fatalf("%s line is %q, want %q", what, got.Start, want.Start)
	}
	if diff := cmp.Diff(endToEnd(got.Fields), endToEnd(want.Fields)); diff != "" {
		t.Fatalf("%s header (-got +want):\n%s", what, diff)
	}
	if !bytes.Equal(got.Body, want.Body) {
		t.Fatalf("%s body is %q, want %q", what, got.Body, want.Body)
	}
	if diff := cmp.Diff(endToEnd(got.Trailers), endToEnd(want.Trailers)); diff != "" {
		t.Fatalf("%s trailers (-got +want):\n%s", what, diff)
	}
}

const (
	tokenChars  = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	targetChars = "/?;:@&=+$,-_.!~*'()%25#[]{}|\\^`\"<>0Aaz"
)

// drawCase makes up a case.
func drawCase(t *rapid.T) wireCase {
	token := rapid.StringOfN(rapid.RuneFrom([]rune(tokenChars)), 1, 20, -1)
	value := rapid.Map(rapid.SliceOfN(rapid.ByteRange(0x20, 0xff), 0, 60), func(b []byte) string {
		return strings.Trim(strings.ReplaceAll(string(b), "\x7f", ""), " ")
	})
	names := rapid.OneOf(token, rapid.SampledFrom([]string{
		"User-Agent", "Accept", "Accept-Encoding", "Cookie", "X-Forwarded-For", "X-Forwarded-Host", "Forwarded",
		"Via", "Pragma", "Cache-Control", "Content-Encoding", "Date", "Set-Cookie", "Location", "Content-Type", "Range",
	}))
	fields := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) field {
		return field{names.Draw(t, "name"), value.Draw(t, "value")}
	}), 0, 8)
	trailers := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) field {
		return field{"X-" + token.Draw(t, "name"), value.Draw(t, "value")}
	}), 0, 3, func(f field) string { return strings.ToLower(f.Name) })
	body := rapid.OneOf(rapid.SliceOfN(rapid.Byte(), 0, 100), rapid.SliceOfN(rapid.Byte(), 0, 20000))
	c := wireCase{
		method: rapid.OneOf(rapid.SampledFrom([]string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}), token).Draw(t, "method"),
		target: "/" + rapid.StringOfN(rapid.RuneFrom([]rune(targetChars)), 0, 40, -1).Draw(t, "target"),

		requestFields:  fields.Draw(t, "request fields"),
		requestBody:    body.Draw(t, "request body"),
		requestChunked: rapid.Bool().Draw(t, "request chunked"),

		status:          rapid.OneOf(rapid.SampledFrom([]int{200, 201, 204, 301, 302, 304, 307, 400, 404, 500, 503}), rapid.IntRange(200, 999)).Draw(t, "status"),
		responseFields:  fields.Draw(t, "response fields"),
		responseBody:    body.Draw(t, "response body"),
		responseChunked: rapid.Bool().Draw(t, "response chunked"),
	}
	if c.requestChunked {
		c.requestTrailers = trailers.Draw(t, "request trailers")
	}
	if c.responseChunked {
		c.responseTrailers = trailers.Draw(t, "response trailers")
	}
	return c
}

// sendable reports whether a message of the case can be sent at all: net/http
// refuses some targets and names before the proxy sees them, and a few names
// steer the connection.
func (c wireCase) sendable() bool {
	if _, err := url.ParseRequestURI(c.target); err != nil || c.method == http.MethodConnect {
		return false
	}
	if strings.HasPrefix(c.target, "//") {
		return false // see TestTargets
	}
	for _, list := range [][]field{c.requestFields, c.responseFields, c.requestTrailers, c.responseTrailers} {
		for _, f := range list {
			switch strings.ToLower(f.Name) {
			case "host", "content-length", "connection", "transfer-encoding", "trailer", "te", "keep-alive",
				"upgrade", "proxy-connection", "proxy-authenticate", "proxy-authorization", "expect":
				return false
			}
		}
	}
	return true
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	transports := map[string]http.RoundTripper{
		"direct":         nil,
		"http.Transport": NewTransport(Options{}),
	}
	for name, transport := range transports {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rig := newIdentityRig(t, Config{Options: Options{MaxBodyBytes: 8 << 10, Transport: transport}})
			for _, c := range identitySeeds() {
				rig.check(t, t, c)
			}
			rapid.Check(t, func(rt *rapid.T) {
				c := drawCase(rt)
				if !c.sendable() {
					rt.Skip("cannot be sent")
				}
				rig.check(t, rt, c)
			})
		})
	}
}

// identitySeeds are cases that other proxies get wrong.
func identitySeeds() []wireCase {
	return []wireCase{
		{method: "POST", target: "/a?x=1;y=2&bad=%zz", requestBody: []byte(`{"a": 12345678901234567890, "a" :1}`), status: 200, responseBody: []byte(`{ "n":12345678901234567890 }`)},
		{method: "GET", target: "/a/../b//c/%2F/;v=1?", status: 200, responseChunked: true, responseBody: []byte("chunks"), responseTrailers: []field{{"X-Sum", "1"}}},
		{method: "GET", target: "/|{}\"<>#frag^`", status: 302, responseFields: []field{{"Location", "/elsewhere"}, {"Set-Cookie", "a=1"}, {"Set-Cookie", "b=2"}}},
		{method: "HEAD", target: "/", status: 200, responseFields: []field{{"Content-Type", "text/plain"}}},
		{method: "PUT", target: "/u", requestChunked: true, requestBody: bytes.Repeat([]byte("x"), 20000), requestTrailers: []field{{"X-End", "yes"}}, status: 204},
		{method: "GET", target: "/c", requestFields: []field{{"User-Agent", ""}, {"Pragma", "no-cache"}}, status: 304, responseFields: []field{{"Content-Type", "text/css"}, {"Etag", `"1"`}, {"Pragma", "no-cache"}}},
		{method: "POST", target: "/b", requestFields: []field{{"User-Agent", "a"}, {"User-Agent", "b"}, {"X-Forwarded-For", "10.0.0.1"}, {"Forwarded", "for=1"}}, requestBody: []byte{0, 0xff, 0xfe, '\r', '\n'}, status: 500, responseBody: []byte{0x1f, 0x8b, 0}, responseFields: []field{{"Content-Encoding", "gzip"}}},
		{method: "GET", target: "/p", requestFields: []field{{"Pragma", "no-cache"}, {"Cache-Control", "no-cache"}}, status: 200, responseBody: []byte("<html>not to be sniffed")},
	}
}

func FuzzProxyIdentity(f *testing.F) {
	seeds := identitySeeds()
	if len(seeds) < 8 {
		f.Fatalf("%d seeds: some are missing", len(seeds))
	}
	for _, c := range seeds {
		f.Add(c.method, c.target, joinFields(c.requestFields), c.requestBody, c.requestChunked, joinFields(c.requestTrailers),
			c.status, joinFields(c.responseFields), c.responseBody, c.responseChunked, joinFields(c.responseTrailers))
	}
	rig := newIdentityRig(f, Config{Options: Options{MaxBodyBytes: 8 << 10}})
	f.Fuzz(func(t *testing.T, method, target, requestFields string, requestBody []byte, requestChunked bool, requestTrailers string,
		status int, responseFields string, responseBody []byte, responseChunked bool, responseTrailers string,
	) {
		c := wireCase{
			method: clean(method, isTokenByte), target: "/" + strings.TrimPrefix(clean(target, func(b byte) bool { return b > ' ' && b != 0x7f }), "/"),
			requestFields: splitFields(requestFields), requestBody: requestBody, requestChunked: requestChunked,
			status: 200 + (status%800+800-200)%800, responseFields: splitFields(responseFields), responseBody: responseBody, responseChunked: responseChunked,
		}
		if requestChunked {
			c.requestTrailers = trailerFields(requestTrailers)
		}
		if responseChunked {
			c.responseTrailers = trailerFields(responseTrailers)
		}
		if c.method == "" || !c.sendable() {
			return
		}
		rig.check(t, t, c)
	})
}

// joinFields writes fields as lines, for the corpus.
func joinFields(fields []field) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(f.Name + ":" + f.Value + "\n")
	}
	return b.String()
}

// splitFields makes sendable fields of any text.
func splitFields(text string) []field {
	var out []field
	for line := range strings.SplitSeq(text, "\n") {
		name, value, _ := strings.Cut(line, ":")
		if name = clean(name, isTokenByte); name == "" {
			continue
		}
		value = strings.Trim(clean(value, func(b byte) bool { return b >= ' ' && b != 0x7f || b == '\t' }), " \t")
		out = append(out, field{name, value})
	}
	return out
}

// trailerFields makes fields that may stand in a trailer, each name once.
func trailerFields(text string) []field {
	var out []field
	seen := map[string]bool{}
	for _, f := range splitFields(text) {
		f.Name = "X-" + f.Name
		if name := strings.ToLower(f.Name); !seen[name] {
			seen[name] = true
			out = append(out, f)
		}
	}
	return out
}

func isTokenByte(b byte) bool { return strings.IndexByte(tokenChars, b) >= 0 }

// clean keeps the bytes that keep says.
func clean(s string, keep func(byte) bool) string {
	var b strings.Builder
	for i := range len(s) {
		if keep(s[i]) {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
