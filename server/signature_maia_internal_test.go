package server

import (
	"net/http"
	"strings"
	"testing"

	client "github.com/parley-contracts/parley/client/maia"
)

// TestSignatureAsInClient holds the verification against that of the client.
func TestSignatureAsInClient(t *testing.T) {
	t.Parallel()
	good := client.Sign([]byte("body"), "secret")
	for _, body := range []string{"body", "body ", ""} {
		for _, secrets := range [][]string{{"secret"}, {"other"}, {"other", "secret"}, {"secret", "other"}} {
			for _, signature := range []string{"", good, strings.ToUpper(good), good[:63], good + "00", "sha256=" + good, strings.Repeat("0", 64), strings.Repeat("z", 64)} {
				ours := verifyMAIA(http.Header{client.SignatureHeader: {signature}}, []byte(body), secrets)
				theirs := client.VerifySignature([]byte(body), signature, secrets...)
				if (ours == nil) != (theirs == nil) {
					t.Errorf("body %q, secrets %q, signature %q: got %v, client has %v", body, secrets, signature, ours, theirs)
				}
			}
		}
	}
	if maiaSignatureHeader != client.SignatureHeader {
		t.Errorf("header: got %s, client has %s", maiaSignatureHeader, client.SignatureHeader)
	}
}
