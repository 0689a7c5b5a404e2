package overlay_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/parley-contracts/parley/register/overlay"
)

const document = `openapi: 3.0.3
paths:
  '/a/': {get: {tags: [x], deep: {one: 1}}, post: {tags: [y]}}
  '/b/': {get: {tags: [z]}}
`

// layered is an overlay of d.yaml with the given actions.
func layered(actions string) []byte {
	return []byte("overlay: 1.0.0\ninfo: {title: t, version: '1'}\nextends: ./d.yaml\nactions:\n" + actions)
}

// plain is a YAML text as values.
func plain(t *testing.T, text []byte) any {
	t.Helper()
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestApply(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, actions, want string }{
		{"remove a member", "  - {target: \"$.paths['/a/'].get.deep\", remove: true}", `{openapi: 3.0.3, paths: {/a/: {get: {tags: [x]}, post: {tags: [y]}}, /b/: {get: {tags: [z]}}}}`},
		{"remove an element", "  - {target: \"$.paths['/a/'].get.tags[0]\", remove: true}", `{openapi: 3.0.3, paths: {/a/: {get: {tags: [], deep: {one: 1}}, post: {tags: [y]}}, /b/: {get: {tags: [z]}}}}`},
		{"remove many", "  - {target: $.paths.*.*.tags, remove: true}", `{openapi: 3.0.3, paths: {/a/: {get: {deep: {one: 1}}, post: {}}, /b/: {get: {}}}}`},
		{"merge", "  - {target: \"$.paths['/a/'].get\", update: {deep: {two: 2}, new: true}}", `{openapi: 3.0.3, paths: {/a/: {get: {tags: [x], deep: {one: 1, two: 2}, new: true}, post: {tags: [y]}}, /b/: {get: {tags: [z]}}}}`},
		{"append", "  - {target: \"$.paths['/b/'].get.tags\", update: w}", `{openapi: 3.0.3, paths: {/a/: {get: {tags: [x], deep: {one: 1}}, post: {tags: [y]}}, /b/: {get: {tags: [z, w]}}}}`},
		{"append by merging", "  - {target: \"$.paths['/b/'].get\", update: {tags: [w]}}", `{openapi: 3.0.3, paths: {/a/: {get: {tags: [x], deep: {one: 1}}, post: {tags: [y]}}, /b/: {get: {tags: [z, w]}}}}`},
		{"replace", "  - {target: $, update: {openapi: 3.1.0}}", `{openapi: 3.1.0, paths: {/a/: {get: {tags: [x], deep: {one: 1}}, post: {tags: [y]}}, /b/: {get: {tags: [z]}}}}`},
		{"another kind", "  - {target: $, update: {paths: none}}", `{openapi: 3.0.3, paths: none}`},
		{"in turn", "  - {target: \"$.paths['/a/']\", remove: true}\n  - {target: $.paths, update: {/a/: 1}}", `{openapi: 3.0.3, paths: {/a/: 1, /b/: {get: {tags: [z]}}}}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o, err := overlay.Parse(layered(tc.actions))
			if err != nil {
				t.Fatal(err)
			}
			given := map[string][]byte{"d.yaml": []byte(document), "other.yaml": []byte("[")}
			got, err := o.Apply(given)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(plain(t, []byte(tc.want)), plain(t, got["d.yaml"])); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if string(given["d.yaml"]) != document || len(got) != 1 {
				t.Error("it changed what it was given, or returned more than it extends")
			}
		})
	}
}

func TestApplyToSeveralDocuments(t *testing.T) {
	t.Parallel()
	o, err := overlay.Parse([]byte("overlay: 1.0.0\nx-extends: [a.yaml, b.yaml]\nactions:\n  - {target: $.one, remove: true}\n  - {target: $.two, remove: true}\n"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := o.Apply(map[string][]byte{"a.yaml": []byte("{one: 1, three: 3}"), "b.yaml": []byte("{two: 2, four: 4}")})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"a.yaml": map[string]any{"three": 3}, "b.yaml": map[string]any{"four": 4}}
	for name, value := range want {
		if diff := cmp.Diff(value, plain(t, got[name])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, layer, document, want string }{
		{"no YAML", "[", document, "yaml"},
		{"another version", "overlay: 2.0.0\nextends: d.yaml\nactions: []", document, "want 1.0.0"},
		{"no document", "overlay: 1.0.0\nactions: []", document, "extends"},
		{"an action that does nothing", string(layered("  - {target: $.paths}")), document, "either remove or update"},
		{"an action that does both", string(layered("  - {target: $.paths, remove: true, update: 1}")), document, "either remove or update"},
		{"no target", string(layered("  - {remove: true}")), document, "no target"},
		{"no JSONPath", string(layered("  - {target: '$[', remove: true}")), document, "$["},
		{"a target that is not there", string(layered("  - {target: $.tags, remove: true}")), document, "in none of d.yaml"},
		{"the whole document", string(layered("  - {target: $, remove: true}")), document, "cannot be removed"},
		{"an alias", string(layered("  - {target: $.a, remove: true}")), "a: &x 1\nb: *x", "aliases"},
		{"two documents in one file", string(layered("  - {target: $.a, remove: true}")), "a: 1\n---\nb: 1", "more than one"},
		{"a document that is too large", string(layered("  - {target: $.a, remove: true}")), strings.Repeat(" ", overlay.MaxBytes+1), "more than"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o, err := overlay.Parse([]byte(tc.layer))
			if err == nil {
				_, err = o.Apply(map[string][]byte{"d.yaml": []byte(tc.document)})
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
	o, err := overlay.Parse(layered("  - {target: $.a, remove: true}"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Apply(nil); err == nil || !strings.Contains(err.Error(), "d.yaml is not there") {
		t.Errorf("without the document: got %v", err)
	}
}

func FuzzApply(f *testing.F) {
	for _, actions := range []string{"  - {target: $.paths.*.*.tags, remove: true}", "  - {target: \"$.paths['/a/'].get\", update: {deep: {two: 2}}}", "  - {target: '$..tags[?@ == 1]', remove: true}"} {
		f.Add(layered(actions), []byte(document))
	}
	f.Fuzz(func(t *testing.T, layer, document []byte) {
		o, err := overlay.Parse(layer)
		if err != nil {
			return
		}
		documents := map[string][]byte{}
		for _, name := range o.Documents {
			documents[name] = document
		}
		changed, err := o.Apply(documents)
		if err == nil && len(changed) == 0 {
			t.Error("nothing came back")
		}
	})
}
