package maia

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// TestVerifySignature has a signature made elsewhere:
//
//	printf '%s' '{"response":"a < b","messageId":"m", "n":1.0}' | openssl dgst -sha256 -hmac 0123456789abcdef
func TestVerifySignature(t *testing.T) {
	t.Parallel()
	const secret = "0123456789abcdef"
	const signature = "93c7d722949a6a7aca2e1a5d0f49dbb6f80532abe1fb198deaf6f1d4b1dc6c55"
	body := []byte(`{"response":"a < b","messageId":"m", "n":1.0}`)
	var decoded any
	if err := json.Unmarshal(body, &decoded); err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(decoded)
	if err != nil {
		t.Fatal(err)
	}
	one := func(s ...string) []string { return s }
	for name, tc := range map[string]struct {
		body      []byte
		signature string
		secrets   []string
		want      error
	}{
		"good":                      {body, signature, one(secret), nil},
		"upper case":                {body, strings.ToUpper(signature), one(secret), nil},
		"new secret first":          {body, signature, one("another", secret), nil},
		"new secret last":           {body, signature, one(secret, "another"), nil},
		"another secret":            {body, signature, one("another"), ErrSignature},
		"re-serialised":             {encoded, signature, one(secret), ErrSignature},
		"a space more":              {append(bytes.Clone(body), ' '), signature, one(secret), ErrSignature},
		"a bit flipped":             {bytes.Replace(body, []byte("a <"), []byte("b <"), 1), signature, one(secret), ErrSignature},
		"no body":                   {nil, signature, one(secret), ErrSignature},
		"signature of another":      {body, Sign([]byte("{}"), secret), one(secret), ErrSignature},
		"last digit":                {body, signature[:63] + "0", one(secret), ErrSignature},
		"no signature":              {body, "", one(secret), ErrNoSignature},
		"prefix":                    {body, "sha256=" + signature, one(secret), ErrSignatureForm},
		"cut":                       {body, signature[:62], one(secret), ErrSignatureForm},
		"no hexadecimal":            {body, "x" + signature[1:], one(secret), ErrSignatureForm},
		"base64":                    {body, "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=", one(secret), ErrSignatureForm},
		"no secret":                 {body, signature, nil, ErrNoSecret},
		"empty secret":              {body, Sign(body, ""), one(""), ErrNoSecret},
		"empty secret among others": {body, Sign(body, ""), one(secret, ""), ErrNoSecret},
	} {
		err := VerifySignature(tc.body, tc.signature, tc.secrets...)
		if !errors.Is(err, tc.want) || (err == nil) != (tc.want == nil) {
			t.Errorf("%s: got %v, want %v", name, err, tc.want)
		}
		if err != nil && (strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), signature)) {
			t.Errorf("%s: got %q, which tells a secret", name, err)
		}
	}
	if got := Sign(body, secret); got != signature {
		t.Errorf("Sign: got %s, want %s", got, signature)
	}
}

func FuzzVerifySignature(f *testing.F) {
	f.Add([]byte("{}"), "secret", "00")
	f.Add([]byte{}, "s", strings.Repeat("0", 64))
	f.Fuzz(func(t *testing.T, body []byte, secret, signature string) {
		if secret == "" {
			return
		}
		good := Sign(body, secret)
		if err := VerifySignature(body, good, secret); err != nil {
			t.Errorf("got %v, want the own signature taken", err)
		}
		if err := VerifySignature(body, signature, secret); (err == nil) != strings.EqualFold(signature, good) {
			t.Errorf("signature %q: got %v", signature, err)
		}
		if err := VerifySignature(append(body, 'x'), good, secret); !errors.Is(err, ErrSignature) {
			t.Errorf("longer body: got %v, want ErrSignature", err)
		}
	})
}
