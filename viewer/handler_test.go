package viewer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	yaml "github.com/oasdiff/yaml3"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/register"
)

var contracts = []string{"openapi-v1", "openapi-v2", "openapi-maia", "callbacks"}

// start serves the embedded contracts below /docs/, as the command does.
func start(t *testing.T) *httptest.Server {
	t.Helper()
	r, err := register.Load(api.FS)
	if err != nil {
		t.Fatal(err)
	}
	docs, err := Handler(Config{FS: api.FS, Contracts: contracts, Register: r})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/docs/", http.StripPrefix("/docs", docs))
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv
}

// get fetches a page and returns it with its headers.
func get(t *testing.T, url string, want int) (string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != want {
		t.Errorf("GET %s: got status %d, want %d", url, res.StatusCode, want)
	}
	return string(body), res.Header
}

// TestPagesLoadNothingFromElsewhere follows all that the pages name and checks
// that scripts, styles and pictures are of the same origin.
func TestPagesLoadNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	srv := start(t)
	loads := regexp.MustCompile(`<(script|link|img|iframe|source)\b[^>]*(?:src|href)="([^"]*)"`)
	links := regexp.MustCompile(`<a [^>]*href="([^"#]+)(?:#[^"]*)?"`)
	for _, page := range append([]string{"", "register"}, contracts...) {
		body, header := get(t, srv.URL+"/docs/"+page, http.StatusOK)
		if got := header.Get("Content-Type"); got != typeHTML {
			t.Errorf("%q: got type %q, want %q", page, got, typeHTML)
		}
		csp := header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'self'", "frame-ancestors 'none'", "object-src 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%q: got policy %q, want %q in it", page, csp, want)
			}
		}
		if strings.Contains(csp, "script-src") || strings.Contains(csp, "http") || strings.Contains(csp, "*") {
			t.Errorf("%q: policy %q allows more than it has to", page, csp)
		}
		if strings.Contains(body, " style=") || regexp.MustCompile(`<script>|\son[a-z]+=`).MatchString(body) {
			t.Errorf("%q has inline script or style", page)
		}
		found := loads.FindAllStringSubmatch(body, -1)
		if len(found) == 0 {
			t.Errorf("%q loads nothing: the test looks for the wrong elements", page)
		}
		for _, load := range found {
			if load[2] == "data:," {
				continue
			}
			if strings.Contains(load[2], ":") || strings.HasPrefix(load[2], "/") {
				t.Errorf("%q loads %s, which is not beside it", page, load[2])
				continue
			}
			get(t, srv.URL+"/docs/"+load[2], http.StatusOK)
		}
		for _, link := range links.FindAllStringSubmatch(body, -1) {
			get(t, srv.URL+"/docs/"+link[1], http.StatusOK)
		}
	}
}

// TestRedocIsAsPublished holds the embedded viewer to the bytes of redoc 2.5.1
// in the npm registry, and what is served to a copy that loads nothing.
func TestRedocIsAsPublished(t *testing.T) {
	t.Parallel()
	body, err := static.ReadFile("static/redoc.standalone.js")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(body)
	const want = "2d8d13e94b5a21011cc6f8260d87ca475d0f6f2faed16dd12e7394dfa3bb05b8"
	if got := hex.EncodeToString(sum[:]); got != want {
		t.Errorf("got redoc.standalone.js with SHA-256 %s, want %s", got, want)
	}
	served, _ := get(t, start(t).URL+"/docs/static/redoc.standalone.js", http.StatusOK)
	if strings.Contains(served, "cdn.redoc") {
		t.Error("the viewer as served loads its logo from elsewhere")
	}
}

// TestDocumentsCarryTheirEvidence parses every document as served.
func TestDocumentsCarryTheirEvidence(t *testing.T) {
	t.Parallel()
	srv := start(t)
	for _, name := range append([]string{"common"}, contracts...) {
		body, _ := get(t, srv.URL+"/docs/"+name+".yaml", http.StatusOK)
		var root yaml.Node
		if err := yaml.Unmarshal([]byte(body), &root); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		facts, told := countEvidence(&root)
		if facts == 0 || told != facts {
			t.Errorf("%s: got the grade in the description of %d facts, want all %d", name, told, facts)
		}
	}
	body, _ := get(t, srv.URL+"/docs/openapi-v2.yaml", http.StatusOK)
	if !strings.Contains(body, `<a href=\"register#a-09\">A-09</a>`) && !strings.Contains(body, `<a href="register#a-09">A-09</a>`) {
		t.Error("openapi-v2.yaml does not link the entry A-09")
	}
	get(t, srv.URL+"/docs/nothing.yaml", http.StatusNotFound)
}

// countEvidence counts the mappings with x-evidence, and those of them whose
// description names the grade.
func countEvidence(n *yaml.Node) (facts, told int) {
	if grade := text(n, "x-evidence", "grade"); grade != "" {
		facts++
		if strings.Contains(text(n, "description"), grade) {
			told++
		}
	}
	for _, child := range n.Content {
		f, s := countEvidence(child)
		facts, told = facts+f, told+s
	}
	return facts, told
}

// TestRegisterPageHasEveryEntry looks for the anchor, question and readings of
// every entry.
func TestRegisterPageHasEveryEntry(t *testing.T) {
	t.Parallel()
	page, _ := get(t, start(t).URL+"/docs/register", http.StatusOK)
	r, err := register.Load(api.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range r.Entries() {
		if !strings.Contains(page, `<section id="`+strings.ToLower(e.ID)+`"`) {
			t.Errorf("the page has no anchor for %s", e.ID)
		}
	}
	if got, want := strings.Count(page, " (taken)</strong>"), len(r.Entries()); got != want {
		t.Errorf("got %d readings marked as taken, want %d", got, want)
	}
	if got, want := strings.Count(page, "<dt>"), expressions(r); got != want {
		t.Errorf("got %d expressions of probes, want %d", got, want)
	}
}

// expressions counts those of all probes.
func expressions(r *register.Register) int {
	n := 0
	for _, e := range r.Entries() {
		for _, reading := range e.Readings {
			for _, expression := range []string{reading.Probe.Supports, reading.Probe.Refutes} {
				if expression != "" {
					n++
				}
			}
		}
	}
	return n
}

// TestUnchangedIsNotSentAgain asks with the tag of the first answer.
func TestUnchangedIsNotSentAgain(t *testing.T) {
	t.Parallel()
	url := start(t).URL + "/docs/openapi-v2"
	_, header := get(t, url, http.StatusOK)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("If-None-Match", header.Get("ETag"))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusNotModified {
		t.Errorf("got status %d, want %d", res.StatusCode, http.StatusNotModified)
	}
}

const small = `openapi: 3.0.3
info: {title: <b>Small</b>, version: 1.0.0}
paths:
  /ping:
    get:
      operationId: ping
      summary: Ask & hope
      x-evidence: {grade: inferred, source: {page: Home}, register: [Z-01, Z-02]}
      responses:
        '200': {$ref: 'more/other.yaml#/components/responses/Pong'}
`

// TestOtherDocuments shows a document that is not ours, without a register.
func TestOtherDocuments(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"small.yaml":      {Data: []byte(small)},
		"more/other.yaml": {Data: []byte("components: {responses: {Pong: {description: pong, x-evidence: {grade: observed, keywords: {type: inferred}}}}}")},
	}
	docs, err := Handler(Config{FS: files, Contracts: []string{"small"}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(docs)
	defer srv.Close()
	index, _ := get(t, srv.URL+"/", http.StatusOK)
	for _, want := range []string{"&lt;b&gt;Small", `href="small#operation/ping"`, "Ask &amp; hope", "<td>inferred</td>"} {
		if !strings.Contains(index, want) {
			t.Errorf("the index lacks %q", want)
		}
	}
	other, _ := get(t, srv.URL+"/more/other.yaml", http.StatusOK)
	if !strings.Contains(other, "<em>observed</em> (type inferred)") {
		t.Errorf("got %s, want the grade in the description", other)
	}
	get(t, srv.URL+"/register", http.StatusNotFound)
}

// TestWhatCannotBeShown names the document at fault.
func TestWhatCannotBeShown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files     fstest.MapFS
		contracts []string
		want      string
	}{
		"no documents":     {files: fstest.MapFS{}, want: "viewer: no documents: set FS and Contracts"},
		"missing":          {files: fstest.MapFS{}, contracts: []string{"x"}, want: "viewer: document x.yaml: open x.yaml: file does not exist"},
		"not an object":    {files: fstest.MapFS{"x.yaml": {Data: []byte("[1]")}}, contracts: []string{"x"}, want: "viewer: document x.yaml: not an object"},
		"missing referred": {files: fstest.MapFS{"x.yaml": {Data: []byte("a: {$ref: y.yaml#/b}")}}, contracts: []string{"x"}, want: "viewer: document y.yaml: open y.yaml: file does not exist"},
		"out of folder":    {files: fstest.MapFS{"x.yaml": {Data: []byte("a: {$ref: ../y.yaml#/b}")}}, contracts: []string{"x"}, want: "viewer: document ../y.yaml: open ../y.yaml: file does not exist"},
		"too large":        {files: fstest.MapFS{"x.yaml": {Data: bytes.Repeat([]byte("a"), maxDocumentBytes+1)}}, contracts: []string{"x"}, want: "viewer: document x.yaml: larger than 8 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Handler(Config{FS: c.files, Contracts: c.contracts})
			if err == nil {
				t.Fatal("got no error")
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}
