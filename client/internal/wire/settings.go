package wire

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Credential names a client's credential in the texts of its errors.
type Credential struct {
	// Package is the client's package.
	Package string
	// Name is what the credential is: "key" or "token".
	Name string
	// Setting is the field of the configuration that holds it.
	Setting string
}

// Check refuses a credential that is empty or cannot be a header's value.
func (c Credential) Check(value string) error {
	if value == "" {
		return fmt.Errorf("%s: %s is empty: take one from the vendor's dashboard", c.Package, c.Setting)
	}
	for _, r := range value {
		if r <= ' ' || r > '~' {
			return fmt.Errorf("%s: %s holds a character that cannot be in a %s: trim white space and line ends", c.Package, c.Setting, c.Name)
		}
	}
	return nil
}

// ParseBase checks a BaseURL. Errors do not quote it, since it may hold a
// password.
func (c Credential) ParseBase(raw string, allowPlainHTTP bool) (*url.URL, error) {
	u, err := url.Parse(raw)
	fault := ""
	switch {
	case err != nil:
		fault = "is not a valid URL"
	case u.Scheme != "https" && u.Scheme != "http":
		fault = "is neither https nor http"
	case u.Hostname() == "" || u.Opaque != "":
		fault = "names no host"
	case u.User != nil:
		fault = fmt.Sprintf("holds user information: the %s goes into %s", c.Name, c.Setting)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		fault = "holds a query or fragment: give scheme, host and path prefix only"
	case u.Scheme == "http" && !allowPlainHTTP && !IsLoopback(u.Hostname()):
		fault = fmt.Sprintf("would send the %s unencrypted: use https or set AllowPlainHTTP", c.Name)
	}
	if fault != "" {
		return nil, fmt.Errorf("%s: BaseURL %s", c.Package, fault)
	}
	return u, nil
}

// NotNegative refuses a setting below 0.
func (c Credential) NotNegative(setting string, value int64) error {
	if value < 0 {
		return fmt.Errorf("%s: %s is negative: leave it 0 for the default", c.Package, setting)
	}
	return nil
}

// Describe is how a configuration or a client prints: without the credential.
func Describe(typeName, baseURL, credential string) string {
	host := "base URL not valid"
	if u, err := url.Parse(baseURL); err == nil {
		host = u.Scheme + "://" + u.Host
	}
	return typeName + "{" + host + ", " + credential + " redacted}"
}

// IsLoopback says that a host is this machine.
func IsLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// Sleep waits on the system's clock, or returns the context's error when that
// ends first.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return ctx.Err()
	}
}
