//go:build unix

package refserver_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// cluster is a PostgreSQL server of the test's own, to be killed.
type cluster struct {
	URL string

	bin  string
	data string
	port int
	// as is who runs the server, nil for this process's user: it refuses root.
	as  *syscall.Credential
	cmd *exec.Cmd
	// ended is closed when cmd has ended.
	ended chan struct{}
}

// newCluster makes and starts a server. It reports false when there are no
// programs to do so with; on a build machine there must be.
func newCluster(t *testing.T) (*cluster, bool) {
	t.Helper()
	c := &cluster{bin: os.Getenv("TEST_POSTGRES_BIN")}
	if c.bin == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("TEST_POSTGRES_BIN is not set: start the services with .ci/services")
		}
		t.Log("TEST_POSTGRES_BIN is not set: no database was killed")
		return nil, false
	}
	// t.TempDir is inside a folder that another user may not enter.
	dir, err := os.MkdirTemp("", "refserver-cluster-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if os.Geteuid() == 0 {
		c.as = ordinaryUser(t)
		if err := os.Chown(dir, int(c.as.Uid), int(c.as.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	c.data = filepath.Join(dir, "data")
	initdb := c.command("initdb", "-D", c.data, "-U", "parley", "-A", "trust", "--no-locale", "-E", "UTF8", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	c.port = freePort(t)
	c.URL = fmt.Sprintf("postgres://parley@127.0.0.1:%d/postgres?sslmode=disable", c.port)
	t.Cleanup(func() { c.kill(t) })
	c.start(t)
	return c, true
}

// ordinaryUser is somebody who is not root.
func ordinaryUser(t *testing.T) *syscall.Credential {
	t.Helper()
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
		if errUID == nil && errGID == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	t.Fatal("this machine has neither the user postgres nor nobody to run a server as")
	return nil
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func (c *cluster) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, program), args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	return cmd
}

// start starts the server and waits until it has recovered. A server refuses to
// start, and is started again, while processes of a killed one still end.
func (c *cluster) start(t *testing.T) {
	t.Helper()
	c.run(t)
	poll(t, "start of PostgreSQL", func() bool {
		select {
		case <-c.ended:
			c.run(t)
		default:
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		conn, err := pgx.Connect(ctx, c.URL)
		if err != nil {
			return false
		}
		return conn.Close(ctx) == nil
	})
}

// run starts the server's process.
func (c *cluster) run(t *testing.T) {
	t.Helper()
	cmd := c.command("postgres", "-D", c.data, "-p", strconv.Itoa(c.port), "-h", "127.0.0.1", "-k", "",
		"-c", "max_connections=200", "-c", "logging_collector=off")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // "signal: killed"
	}()
	c.cmd, c.ended = cmd, ended
}

// kill ends the server and all its processes as the power cord would.
func (c *cluster) kill(t *testing.T) {
	t.Helper()
	if c.cmd == nil {
		return
	}
	pid := c.cmd.Process.Pid
	children, err := exec.Command("ps", "-e", "-o", "ppid=,pid=").Output()
	if err != nil {
		t.Errorf("list the processes of PostgreSQL: %v", err)
	}
	if err := c.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
	for line := range strings.Lines(string(children)) {
		var parent, child int
		if _, err := fmt.Sscan(line, &parent, &child); err == nil && parent == pid {
			_ = syscall.Kill(child, syscall.SIGKILL) // may have ended
		}
	}
	<-c.ended
	c.cmd = nil
}
