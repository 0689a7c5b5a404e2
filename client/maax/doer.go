package maax

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// keyHeader is the contract's security scheme, which is not generated.
const keyHeader = "2hd-api-key"

var errHost = errors.New("the request does not go to the host of BaseURL: the key stays here")

// doer is the last step before the network under the generated clients. It
// alone adds the key, after a look at where the request goes.
type doer struct {
	base *url.URL
	// key returns the key. A function is never printed beyond its address,
	// while fmt follows pointers into unexported fields for some verbs.
	key       func() string
	userAgent string
	http      *http.Client
}

func (d *doer) Do(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != d.base.Scheme || !strings.EqualFold(r.URL.Host, d.base.Host) || !strings.EqualFold(r.Host, d.base.Host) || r.URL.User != nil {
		return nil, errHost
	}
	r.Header.Set(keyHeader, d.key())
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", d.userAgent)
	return d.http.Do(r)
}
