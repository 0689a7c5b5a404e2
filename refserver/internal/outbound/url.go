package outbound

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// maxURLBytes bounds the URLs that are taken.
const maxURLBytes = 8 << 10

// CheckURL says whether an attempt to this URL could be made, as far as can be
// told without resolving its name; the error does not hold the URL. Use it when
// the URL is given, so that its giver learns of the fault. Safe for concurrent
// use.
func (c *Client) CheckURL(raw string) error {
	_, err := c.parseURL(raw)
	return err
}

func (c *Client) parseURL(raw string) (*url.URL, error) {
	if len(raw) > maxURLBytes {
		return nil, errors.New("url is longer than 8192 bytes")
	}
	// The text of a parse error quotes the URL, so it goes no further.
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("url is not valid")
	}
	host := u.Hostname()
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("url is neither http nor https")
	case u.Opaque != "" || host == "":
		return nil, errors.New("url names no host")
	case u.User != nil:
		return nil, errors.New("url holds user information: send credentials in a header")
	}
	port, err := portOf(u)
	if err != nil {
		return nil, err
	}
	if err := c.guard.checkPort(port); err != nil {
		return nil, err
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return u, checkName(host)
	}
	// A name lookup would unmap the address as well before it is dialled.
	if err := c.guard.checkAddr(addr.Unmap()); err != nil {
		return nil, errAddress
	}
	return u, nil
}

func portOf(u *url.URL) (uint16, error) {
	text := u.Port()
	switch {
	case text == "" && u.Scheme == "https":
		text = "443"
	case text == "":
		text = "80"
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil || port == 0 {
		return 0, errors.New("url names no valid port")
	}
	return uint16(port), nil
}

// checkName refuses names that some resolvers read as an IPv4 address in
// octal, hexadecimal, shortened or decimal form. The dialled address would be
// checked anyway; this makes the answer the same on every system.
func checkName(host string) error {
	if len(host) > 253 {
		return errors.New("url names a host that is too long")
	}
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	last := strings.ToLower(labels[len(labels)-1])
	digits := strings.Trim(last, "0123456789") == ""
	_, err := strconv.ParseUint(last, 0, 64)
	if digits || (strings.HasPrefix(last, "0x") && (err == nil || last == "0x")) {
		return errors.New("url names a host in a numeric form that is no IP address")
	}
	return nil
}

// destinationKey names the scheme, host and port of a URL.
func destinationKey(u *url.URL) string {
	port, _ := portOf(u) // parsed before
	return strings.ToLower(u.Scheme) + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), strconv.Itoa(int(port)))
}
