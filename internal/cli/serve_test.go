package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parley-contracts/parley/internal/cli"
)

// TestServeSharesTheKeyFile: the second server, on a database of its own, takes
// the key that the first one wrote.
func TestServeSharesTheKeyFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	key := filepath.Join(dir, "key")
	var keys []string
	for _, name := range []string{"one", "two"} {
		port, blobs := filepath.Join(dir, name+".port"), filepath.Join(dir, name+".blobs")
		c := start(t, "serve", "--listen", "127.0.0.1:0", "--db", filepath.Join(dir, name+".db"), "--blobs", blobs,
			"--key-file", key, "--port-file", port)
		c.err.find(t, `reference server on (http://[0-9.]+:[0-9]+)`)
		waitForFile(t, port) // written after the key
		keys = append(keys, readFile(t, key))
		if got := c.end(t); got != cli.ExitClean {
			t.Errorf("serve ended with %d:\n%s", got, c.err.String())
		}
		if _, err := os.Stat(filepath.Join(blobs, "secret")); err != nil {
			t.Errorf("folder of blobs: %v", err)
		}
	}
	if keys[0] != keys[1] || len(keys[0]) < 20 {
		t.Errorf("keys: got %d and %d characters, want one key", len(keys[0]), len(keys[1]))
	}
}

func TestServeRefuses(t *testing.T) {
	t.Parallel()
	short := filepath.Join(t.TempDir(), "short")
	if err := os.WriteFile(short, []byte("hunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"short key":      {[]string{"--key-file", short}, "remove the file"},
		"no database":    {[]string{"--db", "postgres://user:hunter2@127.0.0.1:1/db"}, "open database db"},
		"no bucket":      {[]string{"--blobs", "s3://"}, "s3://BUCKET"},
		"no store":       {[]string{"--blobs", "s3://bucket", "--s3-endpoint", "127.0.0.1:1"}, "http(s)://HOST"},
		"no address":     {[]string{"--blobs-url", "https://host.example/files"}, "/blobs"},
		"file as folder": {[]string{"--blobs", short}, "folder for blobs"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := start(t, append([]string{"serve", "--listen", "127.0.0.1:0"}, tc.args...)...)
			if got := <-c.code; got != cli.ExitFailed {
				t.Errorf("ended with %d, want %d", got, cli.ExitFailed)
			}
			if got := c.err.String(); !strings.Contains(got, tc.want) || strings.Contains(got, "hunter2") {
				t.Errorf("said %q, want %q in it and no secret", got, tc.want)
			}
		})
	}
}

// waitForFile waits until a command has written a file.
func waitForFile(t *testing.T, path string) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); <-tick.C {
		if _, err := os.Stat(path); err == nil {
			return
		}
	}
	t.Fatalf("%s was not written", path)
}
