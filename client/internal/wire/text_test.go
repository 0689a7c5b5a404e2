package wire

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPrintableWithoutSecret(t *testing.T) {
	t.Parallel()
	if got := Printable("a\nb", "", 10); got != "a b" {
		t.Errorf("got %q, want %q", got, "a b")
	}
}

func FuzzPrintable(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"error":"Invalid k3y"}`, `{"detail":{"x":1}}`, "\xff{\"error\":\"\x1b[0m\"}", `{"message":"\u006b3y"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		const secret = "k3y"
		message := VendorMessage(body, []string{"error", "detail", "message"})
		for _, text := range []string{Printable(string(body), secret, 64), Printable(message, secret, 64)} {
			if len(text) > 64 || !utf8.ValidString(text) || strings.Contains(text, secret) || strings.ContainsAny(text, "\n\r\x1b\x00") {
				t.Errorf("printable: got %q", text)
			}
		}
	})
}
