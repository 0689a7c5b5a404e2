package outbound

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
)

var hostileAddresses = []string{
	"127.0.0.1", "127.8.9.10", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
	"100.64.0.1", "100.100.100.200", "169.254.169.254", "169.254.1.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
	"224.0.0.1", "240.0.0.1", "255.255.255.255",
	"::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
	"64:ff9b::7f00:1", "64:ff9b::169.254.169.254", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1",
	"fc00::1", "fd00:ec2::254", "fd20:ce::254", "fe80::1", "fec0::1", "ff02::1", "100::1",
}

func TestGuardRefusesAddresses(t *testing.T) {
	t.Parallel()
	c := newClient(t, Config{})
	for _, text := range hostileAddresses {
		address := netip.AddrPortFrom(netip.MustParseAddr(text), 80)
		network := "tcp6"
		if address.Addr().Is4() {
			network = "tcp4"
		}
		if err := c.guard.control(network, address.String(), nil); err == nil {
			t.Errorf("dial %s: got no error", text)
		}
		if got := c.Post(t.Context(), Request{URL: "http://" + address.String() + "/"}); got.Outcome != OutcomeRefused || got.Reason != errAddress.Error() {
			t.Errorf("post to %s: got %+v, want refused for its address", text, got)
		}
	}
	for _, text := range []string{"93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"} {
		if err := c.CheckURL("http://" + netip.AddrPortFrom(netip.MustParseAddr(text), 80).String()); err != nil {
			t.Errorf("public address %s: got %v", text, err)
		}
	}
	for _, address := range []string{"", "8.8.8.8", "localhost:80", "/tmp/socket"} {
		if err := c.guard.control("tcp4", address, nil); err == nil {
			t.Errorf("dial %q: got no error", address)
		}
	}
	if err := c.guard.control("unix", "8.8.8.8:80", nil); err == nil {
		t.Error("dial of a unix network: got no error")
	}
}

func TestAllowPrivate(t *testing.T) {
	t.Parallel()
	c := newClient(t, Config{AllowPrivate: true})
	for text, want := range map[string]bool{
		"127.0.0.1": true, "10.1.2.3": true, "172.16.0.1": true, "192.168.1.1": true, "::1": true, "fd12::1": true, "8.8.8.8": true, "::ffff:127.0.0.1": true,
		"169.254.169.254": false, "fe80::1": false, "fd00:ec2::254": false, "fd20:ce::254": false, "0.0.0.0": false, "::": false, "100.100.100.200": false,
		"224.0.0.1": false, "64:ff9b::7f00:1": false, "::ffff:169.254.169.254": false,
	} {
		if err := c.CheckURL("http://" + netip.AddrPortFrom(netip.MustParseAddr(text), 22).String()); (err == nil) != want {
			t.Errorf("%s: got %v, want allowed %t", text, err, want)
		}
	}
}

// TestBypasses posts to spellings of loopback that have fooled guards, with a
// receiver listening there.
func TestBypasses(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	loopback := nameServer(t, func(string) netip.Addr { return netip.MustParseAddr("127.0.0.1") })
	for _, host := range []string{
		"127.0.0.1", "127.1", "127.0.1", "2130706433", "017700000001", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "0177.0.0.1", "0177.1", "127.0.0.1.", "0", "0.0.0.0", "0x",
		"[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[::1%25lo]", "[fe80::1%25lo]",
		"localhost", "LOCALHOST", "localhost.", "foo.localhost", "localtest.example", "127.0.0.1.nip.example", "127。0。0。1", "１２７.0.0.1", "①②⑦.0.0.1", "%31%32%37.0.0.1",
	} {
		for _, resolver := range []*net.Resolver{nil, loopback} {
			if resolver == nil && (strings.HasSuffix(host, ".example") || host == "foo.localhost") {
				continue // would ask the real name servers
			}
			c := newClient(t, Config{Resolver: resolver})
			got := c.Post(t.Context(), Request{URL: "http://" + host + ":" + r.port() + "/"})
			if got.Outcome == OutcomeDelivered || got.Status != 0 {
				t.Errorf("host %s: got %+v", host, got)
			}
			if resolver != nil && got.Outcome != OutcomeRefused {
				t.Errorf("host %s, resolved to loopback: got %+v, want refused", host, got)
			}
		}
	}
	if got := r.connections.Load(); got != 0 {
		t.Errorf("connections to the receiver: got %d, want 0", got)
	}
}

// TestRebinding changes the name's address between the check of the URL, the
// first attempt and the second.
func TestRebinding(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	var asked atomic.Int64
	resolver := nameServer(t, func(string) netip.Addr {
		if asked.Add(1) == 1 {
			return netip.MustParseAddr("8.8.8.8")
		}
		return netip.MustParseAddr("127.0.0.1")
	})
	if addrs, err := resolver.LookupNetIP(t.Context(), "ip4", "rebind.example"); err != nil || addrs[0].String() != "8.8.8.8" {
		t.Fatalf("first lookup: got %v, %v, want a public address", addrs, err)
	}
	c := newClient(t, Config{Resolver: resolver})
	for range 2 {
		target := "http://rebind.example:" + r.port() + "/"
		if err := c.CheckURL(target); err != nil {
			t.Fatal(err)
		}
		got := c.Post(t.Context(), Request{URL: target})
		if got.Outcome != OutcomeRefused || got.Reason != errAddress.Error() {
			t.Errorf("rebound name: got %+v, want refused for its address", got)
		}
	}
	if asked.Load() < 2 {
		t.Error("the name server was not asked by the client")
	}
	if got := r.connections.Load(); got != 0 {
		t.Errorf("connections to the receiver: got %d, want 0", got)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	inside := newReceiver(t, nil)
	for _, status := range []int{301, 302, 303, 307, 308} {
		outside := newReceiver(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", inside.URL)
			w.WriteHeader(status)
		})
		c := newClient(t, Config{AllowPrivate: true})
		got := c.Post(t.Context(), Request{URL: outside.URL})
		if got.Outcome != OutcomeRetry || got.Status != status || !strings.Contains(got.Reason, "not followed") {
			t.Errorf("status %d: got %+v, want retry", status, got)
		}
	}
	if got := inside.connections.Load(); got != 0 {
		t.Errorf("connections to the target of the redirect: got %d, want 0", got)
	}
}

// TestProxyFromEnvironmentIsIgnored is not parallel because it sets the
// environment.
func TestProxyFromEnvironmentIsIgnored(t *testing.T) {
	proxy := newReceiver(t, nil)
	direct := newReceiver(t, nil)
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"} {
		t.Setenv(name, proxy.URL)
	}
	t.Setenv("NO_PROXY", "")
	t.Setenv("no_proxy", "")
	// A name, since the environment's proxies are never used for loopback.
	resolver := nameServer(t, func(string) netip.Addr { return netip.MustParseAddr("127.0.0.1") })
	c := newClient(t, Config{AllowPrivate: true, Resolver: resolver})
	got := c.Post(t.Context(), Request{URL: "http://receiver.example:" + direct.port() + "/"})
	if got.Outcome != OutcomeDelivered || direct.requests.Load() != 1 {
		t.Errorf("got %+v, %d requests, want one delivered directly", got, direct.requests.Load())
	}
	guarded := newClient(t, Config{Resolver: resolver})
	got = guarded.Post(t.Context(), Request{URL: "http://receiver.example:" + direct.port() + "/"})
	if got.Outcome != OutcomeRefused {
		t.Errorf("guarded: got %+v, want refused", got)
	}
	if got := proxy.connections.Load(); got != 0 {
		t.Errorf("connections to the proxy: got %d, want 0", got)
	}
}
