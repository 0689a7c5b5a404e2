package outbound

import (
	"errors"
	"net/netip"
	"syscall"

	"code.dny.dev/ssrf"
)

var (
	errAddress = errors.New("address is not allowed: it is not public")
	errPort    = errors.New("port is not allowed: use 80, 443 or one from 1024 up")
)

// guard decides which addresses and ports may be dialled.
type guard struct {
	anyPort  bool
	guardian *ssrf.Guardian
}

func newGuard(allowPrivate bool) guard {
	// The guardian checks no ports because a range is beyond its lists.
	options := []ssrf.Option{ssrf.WithAnyPort()}
	if allowPrivate {
		options = append(options,
			ssrf.WithAllowedV4Prefixes(
				netip.MustParsePrefix("127.0.0.0/8"),
				netip.MustParsePrefix("10.0.0.0/8"),
				netip.MustParsePrefix("172.16.0.0/12"),
				netip.MustParsePrefix("192.168.0.0/16"),
			),
			ssrf.WithAllowedV6Prefixes(
				netip.MustParsePrefix("::1/128"),
				netip.MustParsePrefix("fc00::/7"),
			),
		)
	}
	return guard{anyPort: allowPrivate, guardian: ssrf.New(options...)}
}

// control is the net.Dialer's hook: it sees the resolved address just before
// the connection is made.
func (g guard) control(network, address string, conn syscall.RawConn) error {
	if err := g.guardian.Safe(network, address, conn); err != nil {
		return errAddress
	}
	addrPort, err := netip.ParseAddrPort(address)
	if err != nil {
		return errAddress
	}
	if err := g.checkPort(addrPort.Port()); err != nil {
		return err
	}
	return g.checkAddr(addrPort.Addr())
}

func (g guard) checkAddr(addr netip.Addr) error {
	if isMetadata(addr) {
		return errAddress
	}
	if err := g.guardian.SafeAddr(addr); err != nil {
		return errAddress
	}
	return nil
}

func (g guard) checkPort(port uint16) error {
	if g.anyPort || port == 80 || port == 443 || port >= 1024 {
		return nil
	}
	return errPort
}

// isMetadata says whether a cloud host's metadata service answers there, which
// hands out credentials. Those at unique local addresses lie within what
// AllowPrivate allows; the link-local ones are refused anyway.
func isMetadata(addr netip.Addr) bool {
	switch addr.WithZone("").String() {
	case "fd00:ec2::254", "fd20:ce::254":
		return true
	default:
		return false
	}
}
