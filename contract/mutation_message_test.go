package contract_test

import (
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract"
)

// breakRequest breaks everything of a request, or of a callback.
func (u *operationUnderTest) breakRequest(e exchange) {
	for _, p := range u.params {
		u.breakParameter(e, p.Value, contract.Part(p.Value.In))
	}
	if e.contentType != "" {
		u.breakContentType(e)
		u.breakBody(e, u.source.RequestBody.Value.Content[e.contentType].Schema, u.source.RequestBody.Value.Required)
	}
	for _, c := range u.credentials() {
		with := e.clone()
		with.header.Del(c.name)
		at := contract.Location{In: contract.PartHeader, Name: c.name}
		u.score.try(u.fact(e, at, "security"), []place{{rule: contract.RuleSecurityMissing, at: at}}, u.check(with))
	}
	u.breakLine(e)
}

// breakLine breaks method, path and query of a request. A callback has its
// path and the rest of its query from the integrator.
func (u *operationUnderTest) breakLine(e exchange) {
	at := contract.Location{In: contract.PartMethod}
	with := e.clone()
	with.method = "TRACE"
	u.score.try(u.fact(e, at, "method"), []place{{rule: contract.RuleMethodUnknown, at: at}}, u.check(with))
	if u.callback {
		return
	}
	at = contract.Location{In: contract.PartPath}
	with = e.clone()
	with.template = "/unknown" + e.template
	u.score.try(u.fact(e, at, "path"), []place{{rule: contract.RulePathUnknown, at: at}}, u.check(with))
	for _, p := range u.params {
		if p.Value.In == "query" && p.Value.Schema.Value.AdditionalProperties.Schema != nil {
			return // takes any name
		}
	}
	at = contract.Location{In: contract.PartQuery, Name: "undeclared"}
	with = e.clone()
	with.query.Set("undeclared", "1")
	strict := *u.mutated
	strict.contract = u.strict
	v := *u
	v.mutated = &strict
	u.score.try(u.fact(e, at, "parameters"), []place{{rule: contract.RuleParameterUndeclared, at: at}}, v.check(with))
}

// breakResponse breaks everything of a response.
func (u *operationUnderTest) breakResponse(e exchange, source *openapi3.Response) {
	for name, h := range source.Headers {
		p := h.Value.Parameter
		p.Name, p.In = name, "header"
		u.breakParameter(e, &p, contract.PartHeader)
	}
	if e.contentType != "" {
		u.breakContentType(e)
		u.breakBody(e, source.Content[e.contentType].Schema, true)
	}
}

// breakContentType breaks the content type: another one, and none.
func (u *operationUnderTest) breakContentType(e exchange) {
	at := contract.Location{In: contract.PartHeader, Name: "Content-Type"}
	with := e.clone()
	with.contentType = "text/html"
	u.score.try(u.fact(e, at, "content"), []place{{rule: contract.RuleContentTypeUnknown, at: at}}, u.check(with))
	with.contentType = ""
	u.score.try(u.fact(e, at, "presence"), []place{{rule: contract.RuleContentTypeMissing, at: at}}, u.check(with))
}

// breakBody breaks the presence of a body and everything in it.
func (u *operationUnderTest) breakBody(e exchange, schema *openapi3.SchemaRef, required bool) {
	at := contract.Location{In: contract.PartBody}
	if required {
		with := e.clone()
		with.hasBody = false
		u.score.try(u.fact(e, at, "required"), []place{{rule: contract.RuleBodyMissing, at: at}}, u.check(with))
	}
	if schema == nil {
		return
	}
	w := &walker{
		operationUnderTest: u, exchange: e, root: e.body, at: at,
		set: func(e *exchange, root any) { e.body = root },
	}
	w.schema(schema.Value, nil)
}

// breakParameter breaks the presence of a parameter or header, that it is given
// once, and everything in its schema.
func (u *operationUnderTest) breakParameter(e exchange, p *openapi3.Parameter, part contract.Part) {
	missing := contract.RuleParameterMissing
	if e.status != 0 {
		missing = contract.RuleHeaderMissing
	}
	at := contract.Location{In: part, Name: p.Name}
	if p.Schema.Value.Type.Is("object") {
		u.breakMembers(e, p, at)
		return
	}
	if p.Required && part != contract.PartPath {
		with := e.clone()
		with.remove(part, p.Name)
		u.score.try(u.fact(e, at, "required"), []place{{rule: missing, at: at}}, u.check(with))
	}
	if part == contract.PartQuery || part == contract.PartHeader && e.status == 0 {
		with := e.clone()
		with.repeat(part, p.Name)
		u.score.try(u.fact(e, at, "repetition"), []place{{rule: contract.RuleParameterRepeated, at: at}}, u.check(with))
	}
	w := &walker{
		operationUnderTest: u, exchange: e, root: normal(u.t, exampleOf(p)), at: at, text: true,
		set: func(e *exchange, root any) { e.put(part, p.Name, textOf(root)) },
	}
	w.schema(p.Schema.Value, nil)
}

// breakMembers breaks the members of an object that is spread over the query.
func (u *operationUnderTest) breakMembers(e exchange, p *openapi3.Parameter, at contract.Location) {
	members := p.Schema.Value.AdditionalProperties.Schema
	value, ok := exampleOf(p).(map[string]any)
	if !ok || members == nil {
		u.score.problem("%s %s: parameter %s is of a kind that the test does not know", u.name, u.id, p.Name)
		return
	}
	for name, member := range value {
		w := &walker{
			operationUnderTest: u, exchange: e, root: member, text: true,
			at:  contract.Location{In: at.In, Name: at.Name, Pointer: "/" + name},
			set: func(e *exchange, root any) { e.put(contract.PartQuery, name, textOf(root)) },
		}
		w.schema(members.Value, nil)
	}
}

func (e *exchange) put(part contract.Part, name, value string) {
	switch part {
	case contract.PartPath:
		e.path[name] = value
	case contract.PartQuery:
		e.query.Set(name, value)
	default:
		e.header.Set(name, value)
	}
}

func (e *exchange) remove(part contract.Part, name string) {
	if part == contract.PartQuery {
		e.query.Del(name)
		return
	}
	e.header.Del(name)
}

func (e *exchange) repeat(part contract.Part, name string) {
	if part == contract.PartQuery {
		e.query[name] = append(e.query[name], e.query[name]...)
		return
	}
	key := http.CanonicalHeaderKey(strings.TrimSpace(name))
	e.header[key] = append(e.header[key], e.header[key]...)
}
