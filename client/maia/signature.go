package maia

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
)

// SignatureHeader is the header of a webhook that carries its signature.
const SignatureHeader = "X-Maia-Signature"

// The errors of VerifySignature.
var (
	// ErrNoSecret: there is no secret to verify with, or one of them is empty.
	ErrNoSecret = errors.New("maia: no secret: take the webhook's from the dashboard")
	// ErrNoSignature: the header is empty.
	ErrNoSignature = errors.New("maia: the webhook has no signature")
	// ErrSignatureForm: the header is not 64 hexadecimal digits.
	ErrSignatureForm = errors.New("maia: the webhook's signature is not 64 hexadecimal digits")
	// ErrSignature: the signature was made with another secret or for another
	// body.
	ErrSignature = errors.New("maia: the webhook's signature is not that of its body")
)

// VerifySignature tells whether a webhook comes from the vendor: nil, or one of
// ErrNoSecret, ErrNoSignature, ErrSignatureForm and ErrSignature.
//
// The body must be the bytes as they arrived: decoding JSON and encoding it
// again gives other bytes. The signature is the value of SignatureHeader. While
// a secret is exchanged, give the old one too; webhooks have a secret each, so a
// handler of several takes all of theirs. The comparison takes the same time
// whatever differs.
//
// A signature holds nothing that grows old: whoever records a webhook can send
// it again, so handle a message that was handled before as such.
func VerifySignature(body []byte, signature string, secrets ...string) error {
	if len(secrets) == 0 {
		return ErrNoSecret
	}
	for _, secret := range secrets {
		if secret == "" {
			return ErrNoSecret
		}
	}
	if signature == "" {
		return ErrNoSignature
	}
	var sent [sha256.Size]byte
	if len(signature) != hex.EncodedLen(len(sent)) {
		return ErrSignatureForm
	}
	if _, err := hex.Decode(sent[:], []byte(signature)); err != nil {
		return ErrSignatureForm
	}
	valid := false
	for _, secret := range secrets {
		// Every secret is tried, so that the time does not tell which fits.
		if hmac.Equal(sent[:], sum(body, secret)) {
			valid = true
		}
	}
	if !valid {
		return ErrSignature
	}
	return nil
}

// Sign makes the signature of a body, for tests of an integration.
func Sign(body []byte, secret string) string { return hex.EncodeToString(sum(body, secret)) }

func sum(body []byte, secret string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body) // never fails
	return mac.Sum(nil)
}
