package route_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract/internal/route"
)

var table = []route.Route{
	{Method: "GET", Template: "/"},
	{Method: "POST", Template: "/api/v2/outgoing-messages/"},
	{Method: "GET", Template: "/users/me"},
	{Method: "GET", Template: "/users/{id}"},
	{Method: "DELETE", Template: "/users/{id}"},
	{Method: "GET", Template: "/users/{id}/files/{name}.{ext}"},
	{Method: "GET", Template: "/users/me/inbox"},
	{Method: "GET", Template: "/users/{id}/outbox"},
	{Method: "GET", Template: "/v{major}/x{a}-{b}z"},
	{Method: "PUT", Template: "/both"},
	{Method: "POST", Template: "/both/"},
}

func TestFindRest(t *testing.T) {
	t.Parallel()
	trie, err := route.New([]route.Route{
		{Method: "GET", Template: "/files/{key}", Rest: "key"},
		{Method: "GET", Template: "/files/{id}/meta"},
		{Method: "POST", Template: "/files/"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ path, want string }{
		{"/files/a", "a"},
		{"/files/a/2024/b.jpg", "a/2024/b.jpg"},
		{"/files/a%2Fb", "a%2Fb"},
		{"/files/7/meta", "7"},
		{"/files/7/meta/x", "7/meta/x"},
		{"/files/", ""},
		{"/files", ""},
	} {
		var spans route.Spans
		hit := trie.Find("GET", tc.path, &spans)
		got := ""
		if hit.Kind == route.Found {
			at := spans.All()[0]
			got = tc.path[at.Start:at.End]
		}
		if got != tc.want {
			t.Errorf("%s: parameter %q, want %q", tc.path, got, tc.want)
		}
	}
	_, err = route.New([]route.Route{{Method: "GET", Template: "/files/{key}/meta", Rest: "key"}})
	if _, ok := errors.AsType[*route.Invalid](err); !ok {
		t.Errorf("a rest that is not last: error %v, want Invalid", err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	trie, err := route.New(table)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		method, path, want string
	}{
		{"GET", "/", "found / []"},
		{"POST", "/api/v2/outgoing-messages/", "found /api/v2/outgoing-messages/ []"},
		{"POST", "/api/v2/outgoing-messages", "slash /api/v2/outgoing-messages/ []"},
		{"GET", "/api/v2/outgoing-messages/", "method [POST]"},
		{"GET", "/api/v2/outgoing-messages", "none"},
		{"GET", "/users/me", "found /users/me []"},
		{"GET", "/users/me/", "slash /users/me []"},
		{"DELETE", "/users/me", "found /users/{id} [me]"},
		{"GET", "/users/a%2Fb", "found /users/{id} [a%2Fb]"},
		{"GET", "/users//", "none"},
		{"GET", "/users/", "none"},
		{"GET", "/users/me/outbox", "found /users/{id}/outbox [me]"},
		{"GET", "/users/me/inbox", "found /users/me/inbox []"},
		{"GET", "/users/7/files/a.tar.gz", "found /users/{id}/files/{name}.{ext} [7 a.tar gz]"},
		{"GET", "/users/7/files/.gz", "none"},
		{"GET", "/users/7/files/a.", "none"},
		{"GET", "/users/7/files/a..", "found /users/{id}/files/{name}.{ext} [7 a .]"},
		{"GET", "/v2/xp-q-rz", "found /v{major}/x{a}-{b}z [2 p-q r]"},
		{"GET", "/v2/x-z", "none"},
		{"HEAD", "/", "method [GET]"},
		{"PUT", "/both/", "slash /both []"},
		{"POST", "/both/", "found /both/ []"},
		{"GET", "/both/", "method [POST]"},
		{"GET", "", "none"},
		{"GET", "x", "none"},
		{"GET", "//", "none"},
		{"GET", "/USERS/me", "none"},
	} {
		t.Run(tc.method+" "+tc.path, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, describe(trie, tc.method, tc.path)); diff != "" {
				t.Errorf("Find mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func describe(trie *route.Trie, method, path string) string {
	var spans route.Spans
	hit := trie.Find(method, path, &spans)
	values := []string{}
	for _, s := range spans.All() {
		values = append(values, path[s.Start:s.End])
	}
	switch hit.Kind {
	case route.Found:
		return fmt.Sprintf("found %s %v", table[hit.Index].Template, values)
	case route.Slash:
		return fmt.Sprintf("slash %s %v", table[hit.Index].Template, values)
	case route.Method:
		return fmt.Sprintf("method %v", hit.Allowed)
	default:
		return "none"
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		routes   []route.Route
		conflict bool
	}{
		"names only":      {[]route.Route{{Method: "GET", Template: "/a/{x}"}, {Method: "PUT", Template: "/a/{y}"}}, true},
		"same twice":      {[]route.Route{{Method: "GET", Template: "/a"}, {Method: "GET", Template: "/a"}}, true},
		"no slash":        {[]route.Route{{Method: "GET", Template: "a"}}, false},
		"unclosed":        {[]route.Route{{Method: "GET", Template: "/{a"}}, false},
		"unopened":        {[]route.Route{{Method: "GET", Template: "/a}"}}, false},
		"nameless":        {[]route.Route{{Method: "GET", Template: "/{}"}}, false},
		"nothing between": {[]route.Route{{Method: "GET", Template: "/{a}{b}"}}, false},
		"too many":        {[]route.Route{{Method: "GET", Template: strings.Repeat("/{a}", route.MaxParams+1)}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := route.New(tc.routes)
			var conflict *route.Conflict
			var invalid *route.Invalid
			if got := errors.As(err, &conflict); got != tc.conflict {
				t.Errorf("conflict = %v, want %v (error %v)", got, tc.conflict, err)
			}
			if got := errors.As(err, &invalid); got == tc.conflict {
				t.Errorf("invalid = %v, want %v (error %v)", got, !tc.conflict, err)
			}
		})
	}
}

func TestFindDoesNotAllocate(t *testing.T) {
	trie, err := route.New(table)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/users/7/files/a.gz", "/nothing/here", "/users/me/"} {
		got := testing.AllocsPerRun(100, func() {
			var spans route.Spans
			trie.Find("GET", path, &spans)
		})
		if got != 0 {
			t.Errorf("Find(%q) allocates %v times, want 0", path, got)
		}
	}
}

func FuzzFind(f *testing.F) {
	trie, err := route.New(table)
	if err != nil {
		f.Fatal(err)
	}
	for _, r := range table {
		f.Add(r.Method, r.Template)
	}
	f.Add("GET", "/users/7/files/a.b.c")
	f.Fuzz(func(t *testing.T, method, path string) {
		var spans route.Spans
		hit := trie.Find(method, path, &spans)
		if hit.Kind != route.Found && hit.Kind != route.Slash {
			return
		}
		rebuilt := table[hit.Index].Template
		for i, s := range spans.All() {
			value := path[s.Start:s.End]
			if value == "" || strings.Contains(value, "/") {
				t.Fatalf("parameter %d of %q is %q", i, path, value)
			}
			rebuilt = strings.Replace(rebuilt, "{"+hit.Names[i]+"}", "\x00"+value+"\x00", 1)
		}
		rebuilt = strings.ReplaceAll(rebuilt, "\x00", "")
		if hit.Kind == route.Slash {
			rebuilt, path = strings.TrimSuffix(rebuilt, "/"), strings.TrimSuffix(path, "/")
		}
		if rebuilt != path {
			t.Fatalf("template with its parameters is %q, path is %q", rebuilt, path)
		}
	})
}
