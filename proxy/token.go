package proxy

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxTokenBytes bounds a sealed token, so that no callback makes us decode
// more.
const maxTokenBytes = 8 << 10

// keyBytes is the length of a sealing key: AES-256.
const keyBytes = 32

// errToken says that a token is not one of ours.
var errToken = errors.New("token was not sealed with this key")

// token is what an interposed callback URL carries.
type token struct {
	URL       string `json:"u"`
	Operation string `json:"o,omitempty"`
	Exchange  string `json:"x,omitempty"`
}

// sealer seals tokens with AES-GCM.
type sealer struct {
	aead   cipher.AEAD
	random io.Reader
}

// newSealer returns a sealer; a nil key is made up, a nil random is
// crypto/rand.
func newSealer(key []byte, random io.Reader) (*sealer, error) {
	if random == nil {
		random = rand.Reader
	}
	if key == nil {
		key = make([]byte, keyBytes)
		if _, err := io.ReadFull(random, key); err != nil {
			return nil, fmt.Errorf("make interposition key: %w", err)
		}
	}
	if len(key) != keyBytes {
		return nil, fmt.Errorf("interposition key has %d bytes: must have %d", len(key), keyBytes)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("interposition key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("interposition key: %w", err)
	}
	return &sealer{aead: aead, random: random}, nil
}

// seal returns the token as one path segment.
func (s *sealer) seal(t token) (string, error) {
	plain, err := json.Marshal(t)
	if err != nil {
		return "", fmt.Errorf("seal token: %w", err)
	}
	nonce := make([]byte, s.aead.NonceSize(), s.aead.NonceSize()+len(plain)+s.aead.Overhead())
	if _, err := io.ReadFull(s.random, nonce); err != nil {
		return "", fmt.Errorf("seal token: %w", err)
	}
	sealed := base64.RawURLEncoding.EncodeToString(s.aead.Seal(nonce, nonce, plain, nil))
	if len(sealed) > maxTokenBytes {
		return "", errors.New("seal token: callback URL is too long")
	}
	return sealed, nil
}

// open returns what was sealed.
func (s *sealer) open(sealed string) (token, error) {
	if len(sealed) > maxTokenBytes {
		return token{}, errToken
	}
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(raw) < s.aead.NonceSize() {
		return token{}, errToken
	}
	n := s.aead.NonceSize()
	plain, err := s.aead.Open(nil, raw[:n], raw[n:], nil)
	if err != nil {
		return token{}, errToken
	}
	var t token
	if err := json.Unmarshal(plain, &t); err != nil {
		return token{}, errToken
	}
	return t, nil
}
