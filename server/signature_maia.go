package server

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
)

// maiaSignatureHeader carries the hexadecimal HMAC-SHA256 of the raw body with
// the secret of the webhook.
const maiaSignatureHeader = "X-Maia-Signature"

var (
	errSignatureMissing = errors.New("the header " + maiaSignatureHeader + " is missing")
	errSignatureTwice   = errors.New("the header " + maiaSignatureHeader + " is there more than once")
	errSignatureForm    = errors.New("the header " + maiaSignatureHeader + " is not 64 hexadecimal digits")
	errSignatureWrong   = errors.New("the signature is not that of the body")
)

// verifyMAIA tells whether one of the secrets signed the body, byte for byte as
// it arrived. It takes the same time whatever differs. Package client/maia has
// the same for programs without this package; a test holds the two together.
func verifyMAIA(header http.Header, body []byte, secrets []string) error {
	values := header.Values(maiaSignatureHeader)
	switch {
	case len(values) == 0 || len(values) == 1 && values[0] == "":
		return errSignatureMissing
	case len(values) > 1:
		return errSignatureTwice
	}
	sent, err := hex.DecodeString(values[0])
	if err != nil || len(sent) != sha256.Size {
		return errSignatureForm
	}
	valid := false
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body) // never fails
		// Every secret is tried, so that the time does not tell which fits.
		if hmac.Equal(sent, mac.Sum(nil)) {
			valid = true
		}
	}
	if !valid {
		return errSignatureWrong
	}
	return nil
}

// checkMAIASecrets refuses an empty secret, with which anyone could sign, and
// secrets that nothing uses.
func checkMAIASecrets(field string, secrets []string, handle CallbackFunc) error {
	if len(secrets) > 0 && handle == nil {
		return fmt.Errorf("%sSecrets: given without %s, which they are for", field, field)
	}
	for i, secret := range secrets {
		if secret == "" {
			return fmt.Errorf("%sSecrets: number %d is empty; take it from the dashboard", field, i)
		}
	}
	return nil
}
