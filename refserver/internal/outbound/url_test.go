package outbound

import (
	"strings"
	"testing"
)

func TestCheckURL(t *testing.T) {
	t.Parallel()
	c := newClient(t, Config{})
	for _, tc := range []struct{ name, url, want string }{
		{"https", "https://hooks.example.com/a?b=c", ""},
		{"port 80 spelled out", "http://hooks.example.com:80", ""},
		{"empty port", "http://hooks.example.com:/", ""},
		{"high port", "http://hooks.example.com:1024", ""},
		{"capital scheme", "HTTPS://hooks.example.com", ""},
		{"name that begins with digits", "https://4you.example.com", ""},
		{"name that ends like a number", "https://hooks.0xample", ""},
		{"port 25", "http://hooks.example.com:25", errPort.Error()},
		{"port 1023", "http://hooks.example.com:1023", errPort.Error()},
		{"port 0", "http://hooks.example.com:0", "url names no valid port"},
		{"port too high", "http://hooks.example.com:65536", "url names no valid port"},
		{"port in words", "http://hooks.example.com:http", "url is not valid"},
		{"relative", "/hooks", "url is neither http nor https"},
		{"empty", "", "url is neither http nor https"},
		{"file", "file:///etc/passwd", "url is neither http nor https"},
		{"gopher", "gopher://hooks.example.com:70/_x", "url is neither http nor https"},
		{"opaque", "http:hooks.example.com", "url names no host"},
		{"no host", "http:///path", "url names no host"},
		{"only a port", "http://:8080/", "url names no host"},
		{"user", "https://user:secret@hooks.example.com", "url holds user information: send credentials in a header"},
		{"empty user", "https://@hooks.example.com", "url holds user information: send credentials in a header"},
		{"control character", "https://hooks.example.com/\n", "url is not valid"},
		{"space in the host", "https://hooks .example.com/", "url is not valid"},
		{"too long", "https://hooks.example.com/" + strings.Repeat("a", maxURLBytes), "url is longer than 8192 bytes"},
		{"host too long", "https://" + strings.Repeat("a.", 200) + "example", "url names a host that is too long"},
		{"decimal address", "http://2130706433/", "url names a host in a numeric form that is no IP address"},
		{"loopback", "http://127.0.0.1/", errAddress.Error()},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := c.CheckURL(tc.url)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("CheckURL(%q): got %q, want %q", tc.url, got, tc.want)
			}
			if tc.want != "" {
				if a := c.Post(t.Context(), Request{URL: tc.url}); a.Outcome != OutcomeRefused || a.Reason != tc.want {
					t.Errorf("Post(%q): got %+v, want refused: %s", tc.url, a, tc.want)
				}
			}
		})
	}
}

func TestDestinationKey(t *testing.T) {
	t.Parallel()
	c := newClient(t, Config{})
	for raw, want := range map[string]string{
		"https://Hooks.Example.com/a?b":     "https://hooks.example.com:443",
		"http://hooks.example.com:/":        "http://hooks.example.com:80",
		"http://hooks.example.com:8080/x#y": "http://hooks.example.com:8080",
		"http://[2606:4700::1]/":            "http://[2606:4700::1]:80",
	} {
		u, err := c.parseURL(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := destinationKey(u); got != want {
			t.Errorf("destinationKey(%s): got %s, want %s", raw, got, want)
		}
	}
}

func FuzzCheckURL(f *testing.F) {
	c := newClient(f, Config{})
	for _, address := range hostileAddresses {
		f.Add("http://[" + address + "]:8080/?secret")
	}
	f.Add("https://user:secret@host/")
	f.Fuzz(func(t *testing.T, raw string) {
		if err := c.CheckURL(raw); err != nil && len(raw) > 20 && strings.Contains(err.Error(), raw) {
			t.Errorf("the error quotes the URL: %v", err)
		}
	})
}
