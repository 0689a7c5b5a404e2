package contract

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// document places all elements of a document that the checks name.
func (p *placer) document(doc *openapi3.T, root *file) {
	at := spot{root, root.root, root.root}
	if paths := at.member("paths"); !paths.none() {
		for template, item := range membersOf(unaliased(paths.node)) {
			p.pathItem(doc.Paths.Value(template.Value), spot{root, template, item})
		}
	}
	for name, item := range doc.Webhooks {
		p.pathItem(item, at.member("webhooks").member(name))
	}
	c := doc.Components
	if c == nil {
		return
	}
	at = at.member("components")
	p.schemas(c.Schemas, at.member("schemas"))
	for name, ref := range c.Parameters {
		p.parameter(ref, at.member("parameters").member(name))
	}
	p.headers(c.Headers, at.member("headers"))
	for name, ref := range c.RequestBodies {
		p.requestBody(ref, at.member("requestBodies").member(name))
	}
	for name, ref := range c.Responses {
		p.response(ref, at.member("responses").member(name))
	}
	for name, ref := range c.Callbacks {
		p.callback(ref, at.member("callbacks").member(name))
	}
	for name, ref := range c.SecuritySchemes {
		if to := p.source.follow(at.member("securitySchemes").member(name)); !to.none() && ref.Value != nil {
			ref.Value.Origin = originAt(to)
		}
	}
}

func (p *placer) pathItem(item *openapi3.PathItem, at spot) {
	if item == nil || item.Origin != nil || at.none() {
		return
	}
	if at = p.source.follow(at); at.none() {
		return
	}
	item.Origin = originAt(at)
	p.parameters(item.Parameters, at)
	for method, op := range item.Operations() {
		to := at.member(strings.ToLower(method))
		if to.none() {
			to = at.member("additionalOperations").member(method)
		}
		p.operation(op, to)
	}
}

func (p *placer) parameters(refs openapi3.Parameters, at spot) {
	if len(refs) == 0 {
		return
	}
	list := at.member("parameters")
	for i, ref := range refs {
		p.parameter(ref, list.item(i))
	}
}

func (p *placer) operation(op *openapi3.Operation, at spot) {
	if op.Origin != nil || at.none() {
		return
	}
	op.Origin = originAt(at)
	p.parameters(op.Parameters, at)
	if op.RequestBody != nil {
		p.requestBody(op.RequestBody, at.member("requestBody"))
	}
	for status, ref := range op.Responses.Map() {
		p.response(ref, at.member("responses").member(status))
	}
	for name, ref := range op.Callbacks {
		p.callback(ref, at.member("callbacks").member(name))
	}
}

func (p *placer) callback(ref *openapi3.CallbackRef, at spot) {
	if ref == nil || ref.Value == nil {
		return
	}
	at = p.source.follow(at)
	for expression, item := range ref.Value.Map() {
		p.pathItem(item, at.member(expression))
	}
}

func (p *placer) parameter(ref *openapi3.ParameterRef, at spot) {
	if ref == nil || ref.Value == nil || ref.Value.Origin != nil {
		return
	}
	if at = p.source.follow(at); at.none() {
		return
	}
	p.described(ref.Value, at)
}

// described places a parameter or what is like one.
func (p *placer) described(v *openapi3.Parameter, at spot) {
	v.Origin = originAt(at)
	if v.Schema != nil {
		p.schema(v.Schema, at.member("schema"))
	}
	p.content(v.Content, at)
}

func (p *placer) headers(refs openapi3.Headers, at spot) {
	for name, ref := range refs {
		if ref == nil || ref.Value == nil || ref.Value.Origin != nil {
			continue
		}
		if to := p.source.follow(at.member(name)); !to.none() {
			p.described(&ref.Value.Parameter, to)
		}
	}
}

func (p *placer) requestBody(ref *openapi3.RequestBodyRef, at spot) {
	if ref == nil || ref.Value == nil || ref.Value.Origin != nil {
		return
	}
	if at = p.source.follow(at); at.none() {
		return
	}
	ref.Value.Origin = originAt(at)
	p.content(ref.Value.Content, at)
}

func (p *placer) response(ref *openapi3.ResponseRef, at spot) {
	if ref == nil || ref.Value == nil || ref.Value.Origin != nil {
		return
	}
	if at = p.source.follow(at); at.none() {
		return
	}
	ref.Value.Origin = originAt(at)
	p.headers(ref.Value.Headers, at.member("headers"))
	p.content(ref.Value.Content, at)
}

// content places the media types of a body.
func (p *placer) content(content openapi3.Content, at spot) {
	if len(content) == 0 {
		return
	}
	at = at.member("content")
	for name, m := range content {
		to := p.source.follow(at.member(name))
		if m == nil || m.Origin != nil || to.none() {
			continue
		}
		m.Origin = originAt(to)
		if m.Schema != nil {
			p.schema(m.Schema, to.member("schema"))
		}
		if m.ItemSchema != nil {
			items := to.member(extItemSchema)
			if items.none() {
				items = to.member("itemSchema")
			}
			p.schema(m.ItemSchema, items)
		}
		for property, encoding := range m.Encoding {
			if encoding != nil {
				p.headers(encoding.Headers, to.member("encoding").member(property).member("headers"))
			}
		}
	}
}
