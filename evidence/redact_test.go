package evidence

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

func TestRedactLeavesNoData(t *testing.T) {
	t.Parallel()
	contracts := vendor(t)
	x := live(t, contracts, "/messages/?mode=live&contact=jane%40doe.example&page=3&phone=4915112345678&empty=&flag",
		`{"text":"dear Jane","email":"jane@doe.example","age":77,"channel":"sms","secret":{"deep":"Janes PIN"}}`,
		`{"ok":true,"id":"JANE-001"}`)
	for name, value := range map[string]string{
		"Authorization": "Bearer jane-token", "Proxy-Authorization": "jane", "X-Auth-Token": "jane", "X-Api-Key": "jane",
		"Apikey": "jane", "Client-Secret": "jane", "X-Hub-Signature": "jane", "Referer": "https://a.example/p?who=jane", "X-Plain": "stays",
	} {
		x.Request.Header[name] = []string{value}
	}
	before, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	got := Redactor{Contracts: contracts}.Redact(x)
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"jane", "Jane", "JANE", "sesame", "s3cret", "doe.example", "4915112345678", "77"} {
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("%q is left in %s", secret, text)
		}
	}
	if after, err := json.Marshal(x); err != nil || !bytes.Equal(before, after) {
		t.Error("the exchange given was changed")
	}
	if got, want := got.Request.Target, "/messages/?mode=redacted&contact=redacted&page=3&phone=redacted&empty=&flag"; got != want {
		t.Errorf("target is %q, want %q", got, want)
	}
	wantHeader := http.Header{
		"Content-Type": {"application/json"}, "X-Vendor-Pass": {Mask}, "Cookie": {Mask}, "Authorization": {"Bearer " + Mask},
		"Proxy-Authorization": {Mask}, "X-Auth-Token": {Mask}, "X-Api-Key": {Mask}, "Apikey": {Mask}, "Client-Secret": {Mask},
		"X-Hub-Signature": {Mask}, "Referer": {"https://a.example/p?who=" + Mask}, "X-Plain": {"stays"},
	}
	if diff := cmp.Diff(got.Request.Header, wantHeader); diff != "" {
		t.Errorf("header (-got +want):\n%s", diff)
	}
	if got, want := got.Request.Body, `{"text":"redacted","email":"redacted","age":0,"channel":"sms","secret":{}}`; got != want {
		t.Errorf("body is %s, want %s", got, want)
	}
	if diff := cmp.Diff(got.Findings, x.Findings); diff != "" {
		t.Errorf("findings changed (-got +want):\n%s", diff)
	}
	if again := (Redactor{Contracts: contracts}).Redact(got); !cmp.Equal(again, got) {
		t.Errorf("redacting twice differs:\n%s", cmp.Diff(again, got))
	}
}

func TestRedactKeepsNoBodyItCannotWalk(t *testing.T) {
	t.Parallel()
	contracts := vendor(t)
	tests := []struct {
		name string
		edit func(*Exchange)
	}{
		{"no contract", func(x *Exchange) { x.Contract = "" }},
		{"no operation", func(x *Exchange) { x.Operation = "" }},
		{"not JSON", func(x *Exchange) { x.Request.Body = "Jane is here" }},
		{"other media type", func(x *Exchange) { x.Request.Header = http.Header{"Content-Type": {"text/plain"}} }},
		{"encoding that lies", func(x *Exchange) { x.Request.Header["Content-Encoding"] = []string{"gzip"} }},
		{"unknown encoding", func(x *Exchange) { x.Request.Header["Content-Encoding"] = []string{"zstd"} }},
		{"callback without a contract", func(x *Exchange) { x.Callback = true }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := live(t, contracts, "/messages/", `{"text":"Jane","email":"jane@doe.example"}`, `{"ok":true}`)
			tt.edit(&x)
			got := Redactor{Contracts: contracts}.Redact(x).Request
			if got.Body != "" || len(got.BodySHA256) != 64 || got.BodyBytes != x.Request.BodyBytes {
				t.Errorf("kept %+v, want length and digest only", got)
			}
		})
	}
}

func TestRedactUnpacksGzip(t *testing.T) {
	t.Parallel()
	contracts := vendor(t)
	x := live(t, contracts, "/messages/", `{"text":"x","email":"jane@doe.example"}`, `{"ok":true}`)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte(`{"ok":"Jane","id":"far too long for this"}`))
	_ = w.Close()
	x.Response.Header.Set("Content-Encoding", "gzip")
	x.Response.Body, x.Response.BodyBytes = packed.String(), int64(packed.Len())
	x = Checker{Contracts: contracts}.Recheck(x)
	if len(x.Findings) != 2 {
		t.Fatalf("findings are %v, want two", x.Findings)
	}
	got := Redactor{Contracts: contracts}.Redact(x)
	if want := `{"ok":"redacted","id":"redacted"}`; got.Response.Body != want || !got.Response.Decoded {
		t.Errorf("kept %+v, want %s, decoded", got.Response, want)
	}
	if diff := cmp.Diff((Checker{Contracts: contracts}).Recheck(got).Findings, x.Findings); diff != "" {
		t.Errorf("findings after redaction (-got +want):\n%s", diff)
	}
}

func TestRedactTarget(t *testing.T) {
	t.Parallel()
	tests := []struct {
		target, want string
		masked       []string
	}{
		{"/a/b", "/a/b", nil},
		{"/a?", "/a?", nil},
		{"/a?x=1;y=2&bad=%zz", "/a?x=redacted&bad=redacted", []string{"query x", "query bad"}},
		{"/a?n%5B0%5D=abc", "/a?n%5B0%5D=redacted", []string{"query n[0]"}},
		{"/a?&&=v&=", "/a?&&=redacted&=", []string{"query"}},
		{"/a?page=-12&ok=true&big=1234567", "/a?page=-12&ok=true&big=redacted", []string{"query big"}},
		{"/a?u=http://b?c=d", "/a?u=redacted", []string{"query u"}},
	}
	for _, tt := range tests {
		got, masked := redactTarget(tt.target)
		if got != tt.want || !cmp.Equal(masked, tt.masked) {
			t.Errorf("redactTarget(%q) = %q, %q, want %q, %q", tt.target, got, masked, tt.want, tt.masked)
		}
	}
}

func FuzzRedactTarget(f *testing.F) {
	f.Add("/a?x=1;y=2&bad=%zz")
	f.Add("?=&?")
	f.Fuzz(func(t *testing.T, target string) {
		got, _ := redactTarget(target)
		if again, _ := redactTarget(got); again != got {
			t.Errorf("redacting %q twice gives %q, then %q", target, got, again)
		}
		if strings.Count(got, "&") != strings.Count(target, "&") || strings.Contains(target, "?") != strings.Contains(got, "?") {
			t.Errorf("%q became %q: the structure changed", target, got)
		}
	})
}

func TestNoContractKeepsNothing(t *testing.T) {
	t.Parallel()
	x := Exchange{Request: Message{Method: "POST", Body: "data", BodyBytes: 4, Account: contract.AccountUnmatched}}
	if got := (Redactor{}).Redact(x).Request; got.Body != "" || got.BodySHA256 == "" {
		t.Errorf("kept %+v", got)
	}
}
