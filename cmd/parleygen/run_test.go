package main

import (
	"bytes"
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

// documents are those of the checkout.
var documents = os.DirFS("../../api")

// outcome is what one run of the command leaves behind.
type outcome struct {
	Code           int
	Stdout, Stderr string
}

func runFor(t *testing.T, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(args, documents, &stdout, &stderr)
	return outcome{Code: code, Stdout: stdout.String(), Stderr: stderr.String()}
}

func TestRunRefusesBadInput(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, test := range map[string]struct {
		args        []string
		code        int
		error, hint string
	}{
		"nothing": {
			code: exitUsage, error: "no contract given", hint: "-contract",
		},
		"unknown flag": {
			args: []string{"-contrac", "openapi-v2"},
			code: exitUsage, error: "-contrac", hint: "parleygen -h",
		},
		"argument": {
			args: []string{"-contract", "openapi-v2", "-package", "p", "extra"},
			code: exitUsage, error: `argument "extra"`, hint: "parleygen -h",
		},
		"unknown contract": {
			args: []string{"-contract", "openapi-v3", "-package", "p"},
			code: exitUsage, error: `contract "openapi-v3": unknown`, hint: "callbacks, management, openapi-maia, openapi-v1, openapi-v2",
		},
		"contract without operations": {
			args: []string{"-contract", "common", "-package", "p"},
			code: exitUsage, error: `contract "common": unknown`, hint: "openapi-v2",
		},
		"contract outside the library": {
			args: []string{"-contract", "../api/openapi-v2", "-package", "p"},
			code: exitUsage, error: "unknown", hint: "openapi-v2",
		},
		"no package": {
			args: []string{"-contract", "openapi-v2"},
			code: exitUsage, error: "no package given", hint: "-package",
		},
		"package with a dash": {
			args: []string{"-contract", "openapi-v2", "-package", "my-client"},
			code: exitUsage, error: `package "my-client"`, hint: "letters",
		},
		"package that is a keyword": {
			args: []string{"-contract", "openapi-v2", "-package", "type"},
			code: exitUsage, error: `package "type"`, hint: "letters",
		},
		"callbacks beside a client": {
			args: []string{"-contract", "openapi-v2", "-package", "p", "-client", "-callbacks"},
			code: exitUsage, error: "-callbacks", hint: "twice",
		},
		"callbacks of a contract without any": {
			args: []string{"-contract", "openapi-v1", "-package", "p", "-callbacks"},
			code: exitUsage, error: `contract "openapi-v1": it has no callbacks`, hint: "openapi-v2",
		},
		"document with a package": {
			args: []string{"-contract", "openapi-v2", "-document", "-package", "p"},
			code: exitUsage, error: "-document", hint: "-contract",
		},
		"simplified code": {
			args: []string{"-contract", "openapi-v2", "-package", "p", "-simplify"},
			code: exitUsage, error: "-simplify", hint: "-document",
		},
		"malformed reading": {
			args: []string{"-contract", "openapi-v2", "-package", "p", "-reading", "A33=b"},
			code: exitUsage, error: `reading "A33=b"`, hint: "register",
		},
		"two readings of one entry": {
			args: []string{"-contract", "openapi-v2", "-package", "p", "-reading", "A-33=b", "-reading", "A-33=c"},
			code: exitUsage, error: "A-33 has a reading already", hint: "one reading",
		},
		"reading of an unknown entry": {
			args: []string{"-contract", "openapi-v2", "-package", "p", "-reading", "A-99=z"},
			code: exitUsage, error: `reading "A-99=z": unknown`, hint: "use one of A-01=c, A-02=b, ",
		},
		"unknown reading of an entry": {
			args: []string{"-contract", "openapi-v2", "-package", "p", "-reading", "A-33=a"},
			code: exitUsage, error: `reading "A-33=a": unknown`, hint: "contract's own reading, or use one of A-33=b, A-33=c",
		},
		"reading of another contract": {
			args: []string{"-contract", "openapi-maia", "-package", "p", "-reading", "A-33=b"},
			code: exitUsage, error: `reading "A-33=b": it changes nothing in openapi-maia`, hint: "name the contract",
		},
		"folder that is missing": {
			args: []string{"-contract", "openapi-v2", "-package", "p", "-o", filepath.Join(folder, "missing", "x.go")},
			code: exitFailed, error: "missing", hint: "create the folder",
		},
		"output that is a folder": {
			args: []string{"-contract", "openapi-v2", "-package", "p", "-o", folder},
			code: exitFailed, error: "write " + folder, hint: "-o",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := runFor(t, test.args...)
			if got.Code != test.code {
				t.Errorf("code: got %d, want %d", got.Code, test.code)
			}
			if got.Stdout != "" {
				t.Errorf("stdout: got %q, want nothing", got.Stdout)
			}
			lines := strings.Split(strings.TrimSuffix(got.Stderr, "\n"), "\n")
			if len(lines) != 2 {
				t.Fatalf("stderr: got %q, want two lines", got.Stderr)
			}
			for i, want := range [][2]string{{"parleygen: error: ", test.error}, {"parleygen: hint: ", test.hint}} {
				if !strings.HasPrefix(lines[i], want[0]) || !strings.Contains(lines[i], want[1]) {
					t.Errorf("line %d: got %q, want %q with %q", i+1, lines[i], want[0], want[1])
				}
			}
		})
	}
}

func TestRunExplainsItself(t *testing.T) {
	t.Parallel()
	got := runFor(t, "-h")
	if want := (outcome{Code: exitClean, Stdout: usage}); !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	for _, name := range []string{"contract", "package", "client", "server", "callbacks", "document", "simplify", "reading", "o"} {
		if !strings.Contains(usage, "  -"+name+" ") {
			t.Errorf("usage does not explain -%s", name)
		}
	}
}

func TestRunWritesFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "maax.gen.go")
	args := []string{"-contract", "openapi-v2", "-package", "maax", "-client", "-server"}
	direct := runFor(t, args...)
	for range 2 { // the second run replaces the file
		if got, want := runFor(t, append(args, "-o", file)...), (outcome{}); !cmp.Equal(got, want) {
			t.Fatal(cmp.Diff(want, got))
		}
	}
	written, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(written), direct.Stdout; got != want {
		t.Error("the file differs from standard output")
	}
	formatted, err := format.Source(written)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(formatted, written) {
		t.Error("the file is not gofmt'ed")
	}
	files, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 {
		t.Errorf("files left: got %d, want 1", len(files))
	}
}

func TestRunIsDeterministic(t *testing.T) {
	t.Parallel()
	args := []string{"-contract", "openapi-maia", "-package", "maia", "-client", "-server"}
	first := runFor(t, args...)
	// Another contract in between would show state that outlives a run.
	runFor(t, "-contract", "callbacks", "-package", "hooks", "-callbacks")
	if second := runFor(t, args...); first != second {
		t.Error("two runs differ")
	}
}

func TestRunHeader(t *testing.T) {
	t.Parallel()
	code := runFor(t, "-contract", "openapi-v2", "-package", "hooks", "-callbacks").Stdout
	first, rest, _ := strings.Cut(code, "\n")
	if !strings.HasPrefix(first, "// Code generated by parleygen ") || !strings.HasSuffix(first, " from openapi-v2 callbacks. DO NOT EDIT.") {
		t.Errorf("header: got %q", first)
	}
	if strings.Contains(rest, "DO NOT EDIT") {
		t.Error("there are two headers")
	}
}

func TestRunWritesDocument(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		flags []string
		rules bool
	}{
		{flags: nil, rules: true},
		{flags: []string{"-simplify"}, rules: false},
	} {
		got := runFor(t, append([]string{"-contract", "openapi-v1", "-document"}, test.flags...)...)
		if got.Code != exitClean {
			t.Fatal(got.Stderr)
		}
		if strings.Contains(got.Stdout, ".yaml#") {
			t.Errorf("%v: there are references to other files", test.flags)
		}
		if got := strings.Contains(got.Stdout, "required: [prospect_info]"); got != test.rules {
			t.Errorf("%v: rules that name no type: got %t, want %t", test.flags, got, test.rules)
		}
		model, err := openapi3.NewLoader().LoadFromData([]byte(got.Stdout))
		if err != nil {
			t.Fatal(err)
		}
		if err := model.Validate(t.Context()); err != nil {
			t.Errorf("%v: %v", test.flags, err)
		}
	}
}

func TestRunTakesReadings(t *testing.T) {
	t.Parallel()
	const number, text = "type ConversationID = int64", "type ConversationID = string"
	args := []string{"-contract", "openapi-v1", "-package", "maax"}
	for _, test := range []struct {
		args []string
		want string
	}{
		{args, number},
		{append(args, "-reading", "A-33=b", "-reading", "A-26=b"), text},
	} {
		got := runFor(t, test.args...)
		if got.Code != exitClean {
			t.Fatal(got.Stderr)
		}
		if !strings.Contains(got.Stdout, test.want) {
			t.Errorf("%v: got no %q", test.args, test.want)
		}
		header, _, _ := strings.Cut(got.Stdout, "\n")
		if got, want := strings.HasSuffix(header, " with A-33=b A-26=b. DO NOT EDIT."), test.want == text; got != want {
			t.Errorf("%v: header names the readings: got %t, want %t", test.args, got, want)
		}
	}
}
