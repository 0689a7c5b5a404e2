package contract_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

const partsType = "multipart/form-data; boundary=b"

// partOf is a part: its Content-Disposition parameters, headers and content.
func partOf(name, headers, content string) string {
	return "--b\r\nContent-Disposition: form-data; name=" + name + "\r\n" + headers + "\r\n" + content + "\r\n"
}

const (
	closing  = "--b--\r\n"
	octets   = "Content-Type: application/octet-stream\r\n"
	asJSON   = "Content-Type: application/json\r\n"
	png      = "Content-Type: image/png\r\nX-Width: 10\r\n"
	required = "--b\r\nContent-Disposition: form-data; name=file; filename=f\r\n" + octets + "\r\nabc\r\n" +
		"--b\r\nContent-Disposition: form-data; name=meta\r\n" + asJSON + "\r\n{\"a\":1}\r\n"
)

func TestMultipartBodies(t *testing.T) {
	t.Parallel()
	c := load(t, "media.yaml", contract.Config{})
	for _, tc := range []struct {
		name, body string
		want       []string
		account    contract.Account
	}{
		{"required parts", required + closing, nil, contract.AccountValidated},
		{"everything", required + partOf("title", "", "abcd") + partOf("n", "", "7") + partOf("tags", "", "a") + partOf("tags", "", "b") +
			partOf("pictures; filename=p", png, "x") + partOf("picture; filename=q", "Content-Type: image/gif\r\n", "\xff") + closing, nil, contract.AccountValidated},
		{"missing parts", partOf("title", "", "a") + closing, []string{"schema-required body", "schema-required body"}, contract.AccountValidated},
		{"undeclared part", required + partOf("other; filename=x", octets, "x") + closing, []string{"property-undeclared body /other"}, contract.AccountValidated},
		{"every fault", partOf("file; filename=f", octets, "123456789") + partOf("meta", asJSON, `{"a":"x"}`) + partOf("title", "", "abcde") +
			partOf("n", "", "x") + partOf("tags", "", "abc") + partOf("pictures; filename=p", png, "x") + partOf("pictures; filename=p", png, "x") +
			partOf("pictures; filename=p", png, "x") + closing, []string{
			"schema-max-length body /file", "schema-type body /meta/a", "schema-type body /n", "schema-max-items body /pictures",
			"schema-max-length body /tags/0", "schema-max-length body /title",
		}, contract.AccountValidated},
		{"short file", strings.Replace(required, "abc", "a", 1) + closing, []string{"schema-min-length body /file"}, contract.AccountValidated},
		{"part given twice", required + partOf("title", "", "a") + partOf("title", "", "b") + closing, []string{"parameter-repeated body /title"}, contract.AccountValidated},
		{"wrong media type of a part", required + partOf("pictures; filename=p", "Content-Type: text/plain\r\nX-Width: 1\r\n", "x") + closing,
			[]string{"content-type-unknown body /pictures/0"}, contract.AccountValidated},
		{"no media type where one is asked for", required + partOf("pictures; filename=p", "X-Width: 1\r\n", "x") + closing,
			[]string{"content-type-missing body /pictures/0"}, contract.AccountValidated},
		{"headers of a part", required + partOf("pictures; filename=p", "Content-Type: image/png\r\n", "x") + partOf("pictures; filename=p", "Content-Type: image/jpeg\r\nX-Width: 101\r\n", "x") + closing,
			[]string{"parameter-missing header X-Width /pictures/0", "schema-maximum header X-Width /pictures/1"}, contract.AccountValidated},
		{"JSON part that is none", strings.Replace(required, `{"a":1}`, `{"a"`, 1) + closing, []string{"json-syntax body /meta"}, contract.AccountValidated},
		{"JSON part without its type", strings.Replace(required, asJSON, "", 1) + closing, nil, contract.AccountValidated},
		{"charset of a part", required + partOf("title", "Content-Type: text/plain; charset=utf-8\r\n", "\xff") + closing, []string{"body-encoding body /title"}, contract.AccountValidated},
		{"latin 1 part", required + partOf("title", "Content-Type: text/plain; charset=iso-8859-1\r\n", "\xe9\xe9\xe9\xe9") + closing, nil, contract.AccountValidated},
		{"base64 part", required + partOf("title", "Content-Transfer-Encoding: base64\r\n", "YWJjZA==") + closing, nil, contract.AccountValidated},
		{"broken base64 part", required + partOf("title", "Content-Transfer-Encoding: base64\r\n", "%%%%") + closing, []string{"body-encoding body /title"}, contract.AccountValidated},
		{"quoted-printable part", required + partOf("title", "Content-Transfer-Encoding: quoted-printable\r\n", "=61=62") + closing, nil, contract.AccountValidated},
		{"unknown transfer encoding", required + partOf("title", "Content-Transfer-Encoding: uuencode\r\n", "abc") + closing, []string{"body-encoding body /title"}, contract.AccountValidated},
		{"part without a name", required + "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" + closing, []string{"body-encoding body"}, contract.AccountValidated},
		{"cut off in a part", required + "--b\r\nContent-Disposition: form-data; name=title\r\n\r\nab", []string{"body-encoding body"}, contract.AccountUndecodable},
		{"cut off behind a part", required, []string{"body-encoding body"}, contract.AccountUndecodable},
		{"another boundary", strings.ReplaceAll(required+closing, "--b", "--c"), []string{"body-encoding body"}, contract.AccountUndecodable},
		{"no parts", closing, []string{"schema-required body", "schema-required body"}, contract.AccountValidated},
		{"text before and behind", "hello\r\n" + required + closing + "bye", nil, contract.AccountValidated},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := send("parts", partsType, tc.body).check(c)
			if diff := cmp.Diff(tc.want, summary(r)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if r.Account != tc.account {
				t.Errorf("account = %s, want %s", r.Account, tc.account)
			}
			streamed := c.CheckRequest(&contract.Request{Method: "POST", Target: "/parts", Header: header("Content-Type", partsType), BodyReader: strings.NewReader(tc.body)})
			if diff := cmp.Diff(r.Findings, streamed.Findings); diff != "" || r.Account != streamed.Account {
				t.Errorf("streamed (-held +streamed):\n%s", diff)
			}
		})
	}
	if got := summary(send("parts", "multipart/form-data", required+closing).check(c)); !cmp.Equal(got, []string{"body-encoding body"}) {
		t.Errorf("without a boundary: %v", got)
	}
}

func TestHostileMultipart(t *testing.T) {
	t.Parallel()
	c := load(t, "media.yaml", contract.Config{MaxBodyBytes: 1 << 20})
	for name, tc := range map[string]struct {
		body    string
		account contract.Account
		first   string
	}{
		"too many parts":  {strings.Repeat(partOf("x", "", ""), 10_000), contract.AccountTooLarge, "body-too-large body"},
		"giant name":      {partOf(strings.Repeat("n", 1<<19), "", "x") + required + closing, contract.AccountValidated, "property-undeclared body /" + strings.Repeat("n", 40) + "…"},
		"giant header":    {partOf("title", "X-A: "+strings.Repeat("a", 1<<19)+"\r\n", "x") + required + closing, contract.AccountValidated, ""},
		"many headers":    {partOf("title", strings.Repeat("X-A: a\r\n", 20_000), "x") + required + closing, contract.AccountUndecodable, "body-encoding body"},
		"boundaries only": {strings.Repeat("--b\r\n", 100_000), contract.AccountUndecodable, "body-encoding body"},
		"odd bytes":       {"\x00\xff--b\r\n\x00\r\n\r\n\x00", contract.AccountUndecodable, "body-encoding body"},
		"deep JSON part":  {partOf("meta", asJSON, strings.Repeat("[", 9_000)+strings.Repeat("]", 9_000)) + closing, contract.AccountValidated, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := send("parts", partsType, tc.body).check(c)
			if r.Account != tc.account {
				t.Errorf("account = %s with %v, want %s", r.Account, summary(r), tc.account)
			}
			if tc.first != "" && (len(r.Findings) == 0 || !strings.HasPrefix(summary(r)[0], tc.first)) {
				t.Errorf("findings %v, want first %s", summary(r), tc.first)
			}
			for _, f := range r.Findings {
				if len(f.String()) > 1000 {
					t.Errorf("a finding has %d bytes", len(f.String()))
				}
			}
		})
	}
}

// endless is a body that goes on for a while and counts what is read of it.
type endless struct {
	head string
	left int64
	tail string
	read int64
}

func (e *endless) Read(p []byte) (n int, err error) {
	switch {
	case e.head != "":
		n = copy(p, e.head)
		e.head = e.head[n:]
	case e.left > 0:
		n = int(min(int64(len(p)), e.left))
		for i := range n {
			p[i] = 'x'
		}
		e.left -= int64(n)
	case e.tail != "":
		n = copy(p, e.tail)
		e.tail = e.tail[n:]
	default:
		return 0, io.EOF
	}
	e.read += int64(n)
	return n, nil
}

func TestStreamedMultipart(t *testing.T) {
	t.Parallel()
	const size = 20 << 20
	file := "--b\r\nContent-Disposition: form-data; name=picture; filename=f\r\nContent-Type: image/png\r\n\r\n"
	check := func(c *contract.Contract, contentType, encoding string, body io.Reader) contract.Result {
		h := header("Content-Type", contentType)
		if encoding != "" {
			h.Set("Content-Encoding", encoding)
		}
		return c.CheckRequest(&contract.Request{Method: "POST", Target: "/parts", Header: h, BodyReader: body})
	}
	c := load(t, "media.yaml", contract.Config{MaxBodyBytes: 1 << 16})
	body := &endless{head: file, left: size, tail: "\r\n" + required + closing}
	if r := check(c, partsType, "", body); r.Account != contract.AccountValidated || len(r.Findings) > 0 || body.read < size {
		t.Errorf("a large file is %s with %v after %d bytes", r.Account, summary(r), body.read)
	}
	text := &endless{head: strings.Replace(partOf("title", "", "@"), "@\r\n", "", 1), left: size, tail: "\r\n" + required + closing}
	if r := check(c, partsType, "", text); r.Account != contract.AccountTooLarge || !cmp.Equal(summary(r), []string{"body-too-large body /title"}) {
		t.Errorf("a large text is %s with %v", r.Account, summary(r))
	}
	small := load(t, "media.yaml", contract.Config{MaxStreamBytes: 1 << 20})
	long := &endless{head: file, left: size}
	if r := check(small, partsType, "", long); r.Account != contract.AccountTooLarge || long.read > 2<<20 {
		t.Errorf("beyond MaxStreamBytes: %s after %d bytes", r.Account, long.read)
	}
	bomb := zipped(t, "gzip", file+strings.Repeat("x", size))
	if r := check(small, partsType, "gzip", strings.NewReader(bomb)); r.Account != contract.AccountTooLarge {
		t.Errorf("a bomb is %s with %v", r.Account, summary(r))
	}
	if r := check(c, partsType, "gzip", strings.NewReader(zipped(t, "gzip", required+closing))); r.Account != contract.AccountValidated || len(r.Findings) > 0 {
		t.Errorf("gzip is %s with %v", r.Account, summary(r))
	}
	if r := check(c, partsType, "", io.MultiReader(strings.NewReader(required), brokenPipe{})); r.Account != contract.AccountUndecodable {
		t.Errorf("a body that breaks off is %s", r.Account)
	}
	if r := check(c, partsType, "", strings.NewReader("")); !cmp.Equal(summary(r), []string{"body-missing body"}) {
		t.Errorf("an empty body has %v", summary(r))
	}
}

type brokenPipe struct{}

func (brokenPipe) Read([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestBodyReaderOfOtherTypes(t *testing.T) {
	t.Parallel()
	c := load(t, "media.yaml", contract.Config{MaxBodyBytes: 1000})
	for name, tc := range map[string]struct {
		body    io.Reader
		want    []string
		account contract.Account
	}{
		"JSON":       {strings.NewReader(`"a"}`), []string{"schema-type body /x"}, contract.AccountValidated},
		"too long":   {&endless{left: 1 << 30}, []string{"body-too-large body"}, contract.AccountTooLarge},
		"breaks off": {brokenPipe{}, []string{"body-encoding body"}, contract.AccountUndecodable},
	} {
		r := c.CheckRequest(&contract.Request{Method: "POST", Target: "/json", Header: header("Content-Type", "application/json"), Body: []byte(`{"x":`), BodyReader: tc.body})
		if diff := cmp.Diff(tc.want, summary(r)); diff != "" || r.Account != tc.account {
			t.Errorf("%s: account %s, findings (-want +got):\n%s", name, r.Account, diff)
		}
	}
}

// multipartSeeds and formSeeds are what the fuzz tests begin with.
var (
	multipartSeeds = []string{required + closing, required, partOf("title", "", "a") + closing, partOf("pictures; filename=p", png, "x") + closing, "--b\r\n", ""}
	formSeeds      = []string{"name=a&n=1", "deep[a]=1&deep[b][0]=x", "comma=1,2%2C3", "where=%7B%7D", "%=%&a[=]", "name=%ff"}
)

func TestMediaSeedsExist(t *testing.T) {
	t.Parallel()
	c := load(t, "media.yaml", contract.Config{})
	if r := send("parts", partsType, multipartSeeds[0]).check(c); len(r.Findings) > 0 {
		t.Errorf("the first multipart seed has %v", summary(r))
	}
	if r := send("form", formType, formSeeds[0]).check(c); len(r.Findings) > 0 {
		t.Errorf("the first form seed has %v", summary(r))
	}
	if len(multipartSeeds) < 6 || len(formSeeds) < 6 {
		t.Errorf("%d multipart and %d form seeds, want at least 6", len(multipartSeeds), len(formSeeds))
	}
}

func FuzzMultipart(f *testing.F) {
	c := load(f, "media.yaml", contract.Config{})
	for _, s := range multipartSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		held := send("parts", partsType, body).check(c)
		streamed := c.CheckRequest(&contract.Request{Method: "POST", Target: "/parts", Header: header("Content-Type", partsType), BodyReader: strings.NewReader(body)})
		if held.Account == contract.AccountFailed || held.Account == "" {
			t.Fatalf("account %q, findings %v", held.Account, held.Findings)
		}
		if diff := cmp.Diff(held.Findings, streamed.Findings); diff != "" || held.Account != streamed.Account {
			t.Fatalf("held and streamed differ:\n%s", diff)
		}
	})
}

func FuzzForm(f *testing.F) {
	c := load(f, "media.yaml", contract.Config{})
	for _, s := range formSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		one, two := send("form", formType, body).check(c), send("form", formType, body).check(c)
		if one.Account == contract.AccountFailed || one.Account == "" {
			t.Fatalf("account %q, findings %v", one.Account, one.Findings)
		}
		if a, b := fmt.Sprint(one.Findings), fmt.Sprint(two.Findings); a != b {
			t.Fatalf("two checks differ:\n%s\n%s", a, b)
		}
	})
}
