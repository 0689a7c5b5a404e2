package layering_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/parley-contracts/parley/"

// layer is a package and what it must never depend on, directly or not.
type layer struct {
	pkg string
	// ours are the packages of this module that it may depend on, as prefixes.
	ours []string
	// never are packages of others that it must not depend on, as prefixes.
	never []string
}

const (
	gin    = "github.com/gin-gonic/gin"
	sqlite = "modernc.org/sqlite"
	pgx    = "github.com/jackc/pgx"
	sql    = "database/sql"
	river  = "github.com/riverqueue/river"
	kin    = "github.com/getkin/kin-openapi"
)

// layers is the picture of docs/architecture.md as a table.
var layers = []layer{
	{pkg: "api", ours: nil, never: []string{gin, sql, kin}},
	{pkg: "contract", ours: []string{"contract", "api"}, never: []string{gin, sql}},
	{pkg: "evidence", ours: []string{"evidence", "contract", "api"}, never: []string{gin, sql}},
	{pkg: "proxy", ours: []string{"proxy", "evidence", "contract", "api"}, never: []string{gin, sql}},
	{pkg: "server", ours: []string{"server", "contract", "api", "gen"}, never: []string{sql}},
	{pkg: "client/maax", ours: []string{"client/internal", "gen"}, never: []string{gin, sql, kin}},
	{pkg: "client/maia", ours: []string{"client/internal", "gen"}, never: []string{gin, sql, kin}},
	{pkg: "refserver/internal/domain", ours: []string{"refserver/internal/domain"}, never: []string{gin, sql, kin, river}},
	{pkg: "refserver", ours: []string{"refserver", "server", "contract", "api", "gen"}},
	{pkg: "gen/maaxv1", ours: []string{"gen"}, never: []string{gin, sql, kin}},
	{pkg: "gen/maaxv2", ours: []string{"gen"}, never: []string{gin, sql, kin}},
	{pkg: "gen/maia", ours: []string{"gen"}, never: []string{gin, sql, kin}},
	{pkg: "viewer", ours: []string{"register", "contract", "api"}, never: []string{gin, sql}},
	{pkg: "register", ours: []string{"contract", "api"}, never: []string{gin, sql}},
	{pkg: "gen/callbacks", ours: []string{"gen"}, never: []string{gin, sql, kin}},
}

func TestImportsFlowOneWay(t *testing.T) {
	t.Parallel()
	for _, l := range layers {
		t.Run(l.pkg, func(t *testing.T) {
			t.Parallel()
			for _, dep := range dependencies(t, l.pkg) {
				if own, ours := strings.CutPrefix(dep, module); ours && !under(own, append(l.ours, l.pkg)) {
					t.Errorf("%s depends on %s, which it must not know", l.pkg, own)
				}
				// database/sql/driver is interfaces only: github.com/google/uuid has it.
				if under(dep, l.never) && dep != "database/sql/driver" {
					t.Errorf("%s depends on %s", l.pkg, dep)
				}
			}
		})
	}
}

// TestDriversStayInTheStore keeps the SQL drivers out of everything but the
// store packages' direct imports.
func TestDriversStayInTheStore(t *testing.T) {
	t.Parallel()
	out := list(t, "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...")
	seen := 0
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		pkg := strings.TrimPrefix(fields[0], module)
		for _, dep := range fields[1:] {
			if !under(dep, []string{sqlite, pgx + "/v5/stdlib", pgx + "/v5/pgxpool"}) {
				continue
			}
			seen++
			// River's driver is made of the pool that the store opened.
			queue := pkg == "refserver/internal/job" && dep == pgx+"/v5/pgxpool"
			if !queue && !strings.HasPrefix(pkg, "refserver/internal/store") {
				t.Errorf("%s imports the driver %s", pkg, dep)
			}
		}
	}
	if seen == 0 {
		t.Error("no package imports a driver: the test looks for the wrong names")
	}
}

// dependencies are all packages that a package of ours needs.
func dependencies(t *testing.T, pkg string) []string {
	t.Helper()
	deps := strings.Fields(list(t, "-deps", "-f", "{{.ImportPath}}", "./"+pkg))
	if len(deps) < 2 && pkg != "api" {
		t.Fatalf("go list names no dependencies of %s", pkg)
	}
	return deps
}

// list runs go list at the module's root.
func list(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...)
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %s: %v", strings.Join(args, " "), err)
	}
	return string(out)
}

// under reports whether path is one of the prefixes or below one.
func under(path string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool {
		return path == p || strings.HasPrefix(path, p+"/")
	})
}
