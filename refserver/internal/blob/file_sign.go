package blob

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// grant is what a presigned URL of a File allows.
type grant struct {
	method string
	key    string
	// expires is in seconds since 1970.
	expires int64
	// info is that of the blob to come for PUT, zero for GET.
	info Info
}

// SignPut implements Store.
func (f *File) SignPut(_ context.Context, key, contentType string, size int64, ttl time.Duration) (string, error) {
	return f.sign(grant{method: http.MethodPut, key: key, info: Info{ContentType: contentType, Size: size}}, ttl)
}

// SignGet implements Store.
func (f *File) SignGet(_ context.Context, key string, ttl time.Duration) (string, error) {
	return f.sign(grant{method: http.MethodGet, key: key}, ttl)
}

func (f *File) sign(g grant, ttl time.Duration) (string, error) {
	if err := checkSign(g.method, g.key, g.info, ttl); err != nil {
		return "", fmt.Errorf("sign URL of a blob: %w", err)
	}
	g.expires = f.config.Now().Add(ttl).Unix()
	u := *f.base
	u.Path += "/" + g.key
	u.RawQuery = url.Values{
		"expires":   {strconv.FormatInt(g.expires, 10)},
		"signature": {f.signature(g)},
	}.Encode()
	return u.String(), nil
}

// signature covers everything that the URL allows. No field can hold a line
// feed, so no two grants have the same text.
func (f *File) signature(g grant) string {
	mac := hmac.New(sha256.New, f.config.Secret)
	fmt.Fprintf(mac, "parley blob v1\n%s\n%s\n%d\n%s\n%d", g.method, g.key, g.expires, g.info.ContentType, g.info.Size)
	return hex.EncodeToString(mac.Sum(nil))
}

// allowed reports whether the signature is that of g and g has not expired.
func (f *File) allowed(g grant, signature string) bool {
	return hmac.Equal([]byte(signature), []byte(f.signature(g))) && f.config.Now().Unix() < g.expires
}
