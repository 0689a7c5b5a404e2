package register_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/register"
)

// small is a register of one entry that every rule is fine with.
const small = `version: 1
entries:
  - id: A-01
    contracts: [openapi-v1]
    operations: [ask]
    pointers: [openapi-v1.yaml#/info]
    question: Which one?
    readings:
      - id: a
        taken: true
        text: This one.
        why: It is printed.
        probe: {supports: response.status == 200, refutes: response.status == 201}
      - id: b
        text: That one.
        probe: {supports: response.status == 201}
        overlay: readings/A-01-b.yaml
    settled_by: a call
`

// only is a file system with the given register.
func only(text string) fstest.MapFS {
	return fstest.MapFS{register.File: {Data: []byte(text)}}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	r, err := register.Load(only(small))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Stats(), (register.Stats{Entries: 1, Readings: 2, Probes: 2, Overlays: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	entry := r.Entry("A-01")
	if entry == nil || entry.Taken().ID != "a" || entry.Reading("b").Text != "That one." {
		t.Errorf("got %+v", entry)
	}
	if entry.Reading("c") != nil || r.Entry("A-02") != nil {
		t.Error("found what is not there")
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, from, to, want string }{
		{"another version", "version: 1", "version: 2", "reads version 1"},
		{"an unknown member", "settled_by: a call", "settled_by: a call\n    remark: x", "remark"},
		{"two documents", "settled_by: a call", "settled_by: a call\n---\n{}", "more than one document"},
		{"no entries", "entries:", "entries: []\nother:", "other"},
		{"an odd id", "id: A-01", "id: A1", "form A-01"},
		{"no contract", "contracts: [openapi-v1]", "contracts: []", "no contract"},
		{"no pointer", "pointers: [openapi-v1.yaml#/info]", "pointers: []", "points at nothing"},
		{"an odd pointer", "openapi-v1.yaml#/info", "/info", "form file.yaml#/pointer"},
		{"no question", "Which one?", "Which one.", "asks nothing"},
		{"nothing taken", "        taken: true\n", "", "0 readings are taken"},
		{"no reason", "        why: It is printed.\n", "", "why it is taken"},
		{"a reason for what is not taken", "text: That one.", "text: That one.\n        why: x", "only a taken reading"},
		{"one reading twice", "- id: b", "- id: a", "there twice"},
		{"an overlay of another name", "readings/A-01-b.yaml", "readings/A-02-b.yaml", "not named after it"},
		{"probes of what is unsettleable", "question: Which one?", "question: Which one?\n    unsettleable: x", "although it is unsettleable"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(small, tc.from, tc.to, 1)
			if text == small {
				t.Fatalf("%q is not in the register", tc.from)
			}
			_, err := register.Load(only(text))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
	if _, err := register.Load(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), register.File) {
		t.Errorf("without a file: got %v", err)
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	for name, expression := range map[string]string{
		"a syntax error":       "response.status ==",
		"an unknown variable":  "reply.status == 200",
		"not a condition":      "size(request)",
		"an unknown function":  "fetch(request.host)",
		"a missing comparison": `operation + "x"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := register.Load(only(strings.Replace(small, "response.status == 200", "'"+expression+"'", 1)))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Compile(register.Limits{}); err == nil || !strings.Contains(err.Error(), "A-01=a") {
				t.Errorf("got %v, want an error that names A-01=a", err)
			}
		})
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	r := load(t)
	var one, other strings.Builder
	if err := r.Markdown(&one); err != nil {
		t.Fatal(err)
	}
	if err := r.Markdown(&other); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(one.String(), other.String()); diff != "" {
		t.Errorf("two pages differ:\n%s", diff)
	}
	for _, entry := range r.Entries() {
		if !strings.Contains(one.String(), "\n## "+entry.ID+"\n") {
			t.Errorf("%s is not on the page", entry.ID)
		}
	}
	if got := strings.Count(one.String(), "*Taken:*"); got != len(r.Entries()) {
		t.Errorf("%d readings are marked as taken, want %d", got, len(r.Entries()))
	}
}
