package document

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// library returns one over files given as text.
func library(files map[string]string) Library {
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return NewLibrary(tree)
}

const chat = `openapi: 3.0.3
paths:
  /messages:
    post:
      operationId: send
      tags: [A]
      x-schema: {$ref: './shared.yaml#/components/schemas/Message'}
      callbacks:
        answer:
          '{$request.body#/url}':
            $ref: './calls.yaml#/paths/~1answer'
components:
  schemas:
    Own: {type: object, properties: {m: {$ref: './shared.yaml#/components/schemas/Message'}}}
`

const shared = `openapi: 3.0.3
paths: {}
components:
  schemas:
    Unused: {type: integer}
    Message: {type: array, items: {$ref: '#/components/schemas/Part'}}
    Part: {type: object, properties: {parent: {$ref: '#/components/schemas/Message'}}}
`

const calls = `openapi: 3.0.3
paths:
  /answer:
    post:
      operationId: answer
      tags: [B]
      responses: {'200': {$ref: '#/components/responses/Done'}}
components:
  responses:
    Done: {description: done}
`

func TestBundle(t *testing.T) {
	t.Parallel()
	files := library(map[string]string{"chat.yaml": chat, "shared.yaml": shared, "calls.yaml": calls})
	document, err := files.Open("chat")
	if err != nil {
		t.Fatal(err)
	}
	got, err := document.YAML()
	if err != nil {
		t.Fatal(err)
	}
	want := `openapi: 3.0.3
paths:
  /messages:
    post:
      operationId: send
      tags: [A]
      x-schema: {$ref: '#/components/schemas/Message'}
      callbacks:
        answer:
          '{$request.body#/url}':
            post:
              operationId: answer
              tags: [B]
              responses: {'200': {$ref: '#/components/responses/Done'}}
components:
  schemas:
    Own: {type: object, properties: {m: {$ref: '#/components/schemas/Message'}}}
    Message: {type: array, items: {$ref: '#/components/schemas/Part'}}
    Part: {type: object, properties: {parent: {$ref: '#/components/schemas/Message'}}}
  responses:
    Done: {description: done}
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestBundleRefuses(t *testing.T) {
	t.Parallel()
	const head = "openapi: 3.0.3\npaths: {/a: {x: 1}}\n"
	for name, test := range map[string]struct{ text, want string }{
		"missing file":      {"a: {$ref: './none.yaml#/components/schemas/A'}", "none.yaml"},
		"missing component": {"a: {$ref: './shared.yaml#/components/schemas/Nobody'}", "/components/schemas/Nobody"},
		"address":           {"a: {$ref: 'https://example.com/x.yaml#/a'}", "want file#/pointer"},
		"no pointer":        {"a: {$ref: './shared.yaml'}", "want file#/pointer"},
		"outside":           {"a: {$ref: '../shared.yaml#/components/schemas/Message'}", "../shared.yaml"},
		"alias":             {"a: &x {b: 1}\nc: *x", "alias"},
		"loop of paths":     {"a: {$ref: './loop.yaml#/paths/~1loop'}", "too deeply"},
		"same name": {
			"components: {schemas: {Message: {type: string}}}\na: {$ref: './shared.yaml#/components/schemas/Message'}",
			"has one of that name already",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := library(map[string]string{
				"chat.yaml":   head + test.text,
				"shared.yaml": shared,
				"loop.yaml":   "paths: {/loop: {again: {$ref: './loop.yaml#/paths/~1loop'}}}",
			})
			_, err := files.Open("chat")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}

func TestNamesAreThoseWithOperations(t *testing.T) {
	t.Parallel()
	files := library(map[string]string{
		"chat.yaml": chat, "shared.yaml": shared, "calls.yaml": calls, "register.yaml": "entries: []",
	})
	got, err := files.Names()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"calls", "chat"}, got); diff != "" {
		t.Error(diff)
	}
	if _, err := files.Open("shared"); !errors.Is(err, ErrUnknown) {
		t.Errorf("got %v, want ErrUnknown", err)
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	files := library(map[string]string{"chat.yaml": chat, "shared.yaml": shared, "calls.yaml": calls})
	document, err := files.Open("calls")
	if err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string][]string{"B": {"answer"}, "A": nil} {
		if diff := cmp.Diff(want, document.Operations(tag)); diff != "" {
			t.Errorf("%s: %s", tag, diff)
		}
	}
	if diff := cmp.Diff([]string{"answer"}, document.Operations()); diff != "" {
		t.Error(diff)
	}
}
