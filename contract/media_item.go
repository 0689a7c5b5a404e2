package contract

import (
	"context"

	"github.com/getkin/kin-openapi/openapi3"
)

// validate has kin-openapi judge a document. The schemas of items are judged
// apart: it refuses them in documents before OpenAPI 3.2, where it would let
// other members of that version pass too.
func validate(doc *openapi3.T, options ...openapi3.ValidationOption) error {
	w := itemWalk{items: make(map[*openapi3.MediaType]*openapi3.SchemaRef), seen: make(map[any]struct{})}
	w.document(doc)
	for m := range w.items {
		m.ItemSchema = nil
	}
	err := doc.Validate(context.Background(), options...)
	if doc.IsOpenAPI31OrLater() {
		options = append(options, openapi3.IsOpenAPI31OrLater())
	}
	for m, ref := range w.items {
		m.ItemSchema = ref
		if err == nil {
			err = ref.Validate(context.Background(), options...)
		}
	}
	return err
}

// itemWalk finds the media types of a document that describe items.
type itemWalk struct {
	items map[*openapi3.MediaType]*openapi3.SchemaRef
	seen  map[any]struct{}
}

// enter reports whether an element is there and was not seen yet.
func enter[T any](w *itemWalk, element *T) bool {
	if element == nil {
		return false
	}
	_, again := w.seen[element]
	w.seen[element] = struct{}{}
	return !again
}

func (w *itemWalk) document(doc *openapi3.T) {
	for _, item := range doc.Paths.Map() {
		w.pathItem(item)
	}
	for _, item := range doc.Webhooks {
		w.pathItem(item)
	}
	if doc.Components == nil {
		return
	}
	for _, ref := range doc.Components.RequestBodies {
		w.requestBody(ref)
	}
	for _, ref := range doc.Components.Responses {
		w.response(ref)
	}
	for _, ref := range doc.Components.Parameters {
		w.parameter(ref)
	}
	for _, ref := range doc.Components.Headers {
		w.header(ref)
	}
	for _, ref := range doc.Components.Callbacks {
		w.callback(ref)
	}
}

func (w *itemWalk) pathItem(item *openapi3.PathItem) {
	if !enter(w, item) {
		return
	}
	for _, ref := range item.Parameters {
		w.parameter(ref)
	}
	for _, op := range item.Operations() {
		for _, ref := range op.Parameters {
			w.parameter(ref)
		}
		w.requestBody(op.RequestBody)
		for _, ref := range op.Responses.Map() {
			w.response(ref)
		}
		for _, ref := range op.Callbacks {
			w.callback(ref)
		}
	}
}

func (w *itemWalk) callback(ref *openapi3.CallbackRef) {
	if ref != nil && enter(w, ref.Value) {
		for _, item := range ref.Value.Map() {
			w.pathItem(item)
		}
	}
}

func (w *itemWalk) requestBody(ref *openapi3.RequestBodyRef) {
	if ref != nil && enter(w, ref.Value) {
		w.content(ref.Value.Content)
	}
}

func (w *itemWalk) response(ref *openapi3.ResponseRef) {
	if ref == nil || !enter(w, ref.Value) {
		return
	}
	w.content(ref.Value.Content)
	for _, header := range ref.Value.Headers {
		w.header(header)
	}
}

func (w *itemWalk) parameter(ref *openapi3.ParameterRef) {
	if ref != nil && enter(w, ref.Value) {
		w.content(ref.Value.Content)
	}
}

func (w *itemWalk) header(ref *openapi3.HeaderRef) {
	if ref != nil && enter(w, ref.Value) {
		w.content(ref.Value.Content)
	}
}

func (w *itemWalk) content(content openapi3.Content) {
	for _, m := range content {
		if !enter(w, m) {
			continue
		}
		if m.ItemSchema != nil {
			w.items[m] = m.ItemSchema
		}
		for _, encoding := range m.Encoding {
			for _, header := range encoding.Headers {
				w.header(header)
			}
		}
	}
}
