package document

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readable is a library with a contract of two files, one of another, and
// readings of them.
func readable() map[string]string {
	return map[string]string{
		"chat.yaml": `openapi: 3.0.3
paths: {/a: {get: {operationId: a, x: {$ref: './shared.yaml#/components/schemas/ID'}}}}
components:
  schemas:
    Request: {type: object, anyOf: [{required: [a]}]}
`,
		"other.yaml":  "openapi: 3.0.3\npaths: {/b: {get: {operationId: b}}}\n",
		"shared.yaml": "openapi: 3.0.3\npaths: {}\ncomponents: {schemas: {ID: {type: integer}}}\n",
		"overlays/chat.yaml": `overlay: 1.0.0
info: {title: t, version: '1'}
actions: [{target: $.components.schemas.Request.anyOf, remove: true}]
`,
		"readings/A-01-b.yaml": `overlay: 1.0.0
info: {title: t, version: '1'}
extends: ../shared.yaml
actions: [{target: $.components.schemas.ID, update: {type: string}}]
`,
		"readings/A-02-b.yaml": `overlay: 1.0.0
info: {title: t, version: '1'}
extends: ../chat.yaml
actions: [{target: $.components.schemas.Request.anyOf, remove: true}]
`,
		"readings/A-02-c.yaml": `overlay: 1.0.0
info: {title: t, version: '1'}
x-extends: [../chat.yaml, ../other.yaml]
actions:
  - {target: $.components.schemas.Request.anyOf, remove: true}
  - {target: $.paths, update: {/c: {x: {anyOf: [{required: [a]}, {required: [b]}], type: object}}}}
`,
		"readings/B-03-b.yaml": `overlay: 1.0.0
info: {title: t, version: '1'}
extends: ../chat.yaml
actions: [{target: $.components.schemas.Nobody, remove: true}]
`,
		"readings/B-04-b.yaml": `overlay: 1.0.0
info: {title: t, version: '1'}
extends: ../../chat.yaml
actions: [{target: $.paths, remove: true}]
`,
		"readings/B-05-b.yaml": `overlay: 1.0.0
info: {title: t, version: '1'}
actions: [{target: $.paths, remove: true}]
`,
	}
}

func TestReadings(t *testing.T) {
	t.Parallel()
	got, err := library(readable()).Readings()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"A-01=b", "A-02=b", "A-02=c", "B-03=b", "B-04=b", "B-05=b"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWithTakesReading(t *testing.T) {
	t.Parallel()
	base := library(readable())
	for _, test := range []struct {
		reading, contract string
		affects           bool
		want              string
	}{
		{"A-01=b", "chat", true, "ID: {type: string}"},
		{"A-01=b", "other", false, "/b"},
		{"A-02=b", "chat", true, "Request: {type: object}"},
		{"A-02=c", "other", true, "/c"},
	} {
		affects, err := base.Affects(test.reading, test.contract)
		if err != nil {
			t.Fatal(err)
		}
		if affects != test.affects {
			t.Errorf("%s on %s: affects: got %t, want %t", test.reading, test.contract, affects, test.affects)
		}
		changed, err := base.With(test.reading)
		if err != nil {
			t.Fatal(err)
		}
		if text := simplified(t, changed, test.contract); !strings.Contains(text, test.want) {
			t.Errorf("%s on %s: got\n%s\nwant %s in it", test.reading, test.contract, text, test.want)
		}
	}
	if text := simplified(t, base, "chat"); !strings.Contains(text, "ID: {type: integer}") {
		t.Errorf("the library itself changed: %s", text)
	}
}

func TestSimplifyRemovesRulesOfReadings(t *testing.T) {
	t.Parallel()
	changed, err := library(readable()).With("A-02=c")
	if err != nil {
		t.Fatal(err)
	}
	if text := simplified(t, changed, "chat"); strings.Contains(text, "anyOf") {
		t.Errorf("got %s, want no anyOf", text)
	}
}

func TestSimplifyIsStrictWithoutReadings(t *testing.T) {
	t.Parallel()
	files := readable()
	files["chat.yaml"] = strings.Replace(files["chat.yaml"], "anyOf", "allOf", 1)
	opened, err := library(files).Open("chat")
	if err != nil {
		t.Fatal(err)
	}
	if err := opened.Simplify(); err == nil {
		t.Error("got no error for an overlay without its target")
	}
}

func TestWithRefuses(t *testing.T) {
	t.Parallel()
	base := library(readable())
	for reading, unknown := range map[string]bool{
		"A-01=c": true, "A-09=b": true, "A-01": true, "../x=b": true,
		"B-04=b": false, "B-05=b": false,
	} {
		_, err := base.With(reading)
		if err == nil || errors.Is(err, ErrUnknown) != unknown {
			t.Errorf("%s: got %v, want an error that is ErrUnknown: %t", reading, err, unknown)
		}
	}
}

func TestOpenRefusesReadingWithoutTarget(t *testing.T) {
	t.Parallel()
	changed, err := library(readable()).With("B-03=b")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := changed.Open("chat"); err == nil || !strings.Contains(err.Error(), "B-03=b") {
		t.Errorf("got %v, want an error that names the reading", err)
	}
}

func simplified(t *testing.T, from Library, contract string) string {
	t.Helper()
	opened, err := from.Open(contract)
	if err != nil {
		t.Fatal(err)
	}
	if err := opened.Simplify(); err != nil {
		t.Fatal(err)
	}
	text, err := opened.YAML()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
