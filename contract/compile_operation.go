package contract

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// compileOperation prepares one operation. up is the scope of its path.
func (c *Contract) compileOperation(method, template string, item *openapi3.PathItem, source *openapi3.Operation, up *scope) (*operation, error) {
	at, err := up.within(source.Extensions, source.Origin)
	if err != nil {
		return nil, err
	}
	op := &operation{
		scope: at,
		public: &Operation{
			ID: source.OperationID, Method: method, Path: template, Contract: c.name, Position: at.place,
		},
		query:     make(map[string]struct{}),
		responses: make(map[string]*response),
		statuses:  at.place,
	}
	if op.public.ID == "" {
		op.public.ID = method + " " + template
	}
	if at.evidence != nil {
		op.public.Evidence = *at.evidence
	}
	if err := c.compileParameters(op, item, source); err != nil {
		return nil, err
	}
	if err := c.compileSecurity(op, source); err != nil {
		return nil, err
	}
	if ref := source.RequestBody; ref != nil && ref.Value != nil {
		inner, err := at.within(merged(ref.Extensions, ref.Value.Extensions), ref.Value.Origin)
		if err != nil {
			return nil, err
		}
		if op.body, err = c.compileBody(ref.Value.Content, inner, true); err != nil {
			return nil, err
		}
		op.body.required = ref.Value.Required
	}
	if err := c.compileResponses(op, source); err != nil {
		return nil, err
	}
	op.public.Fallback = c.programs.taken()
	op.finish()
	return op, nil
}

// merged are the extensions of a referenced element, those beside the
// reference first.
func merged(beside, of map[string]any) map[string]any {
	if _, ok := beside[extEvidence]; ok {
		return beside
	}
	return of
}

func (c *Contract) compileParameters(op *operation, item *openapi3.PathItem, source *openapi3.Operation) error {
	for _, ref := range item.Parameters {
		if p := ref.Value; source.Parameters.GetByInAndName(p.In, p.Name) == nil {
			if err := c.addParameter(op, ref); err != nil {
				return err
			}
		}
	}
	for _, ref := range source.Parameters {
		if err := c.addParameter(op, ref); err != nil {
			return err
		}
	}
	return nil
}

func (c *Contract) addParameter(op *operation, ref *openapi3.ParameterRef) error {
	source := ref.Value
	if source.In == openapi3.ParameterInHeader {
		switch http.CanonicalHeaderKey(source.Name) {
		case "Accept", "Content-Type", "Authorization":
			return nil // OpenAPI ignores parameters of these names
		}
	}
	p, err := c.compileParameter(source, ref.Extensions, op.scope, Part(source.In), true)
	if err != nil {
		return err
	}
	op.params = append(op.params, p)
	if source.In == openapi3.ParameterInQuery {
		op.declareQuery(p)
	}
	return nil
}

// declareQuery notes the query names that a parameter may appear under.
func (op *operation) declareQuery(p *parameter) {
	name := p.source.Name
	sm, err := p.source.SerializationMethod()
	if err != nil || p.scalar || !p.types.object || p.source.Schema == nil {
		op.query[name] = struct{}{}
		return
	}
	if sm.Style == openapi3.SerializationDeepObject {
		op.prefixes = append(op.prefixes, name+"[")
		return
	}
	if !sm.Explode {
		op.query[name] = struct{}{}
		return
	}
	for _, v := range applicable([]*openapi3.Schema{p.source.Schema.Value}) {
		for property := range v.Properties {
			op.query[property] = struct{}{}
		}
		if v.AdditionalProperties.Schema != nil || v.AdditionalProperties.Has != nil && *v.AdditionalProperties.Has {
			op.openQuery = true
		}
	}
}

func (c *Contract) compileParameter(source *openapi3.Parameter, beside map[string]any, up *scope, part Part, incoming bool) (*parameter, error) {
	at, err := up.within(merged(beside, source.Extensions), source.Origin)
	if err != nil {
		return nil, err
	}
	p := &parameter{source: source, part: part, types: anyType, incoming: incoming, header: http.CanonicalHeaderKey(source.Name)}
	p.site = site{at: Location{In: part, Name: source.Name}, schema: source.Schema, scope: at, schemas: c.schemas, verdicts: &verdicts{}}
	if source.Schema != nil {
		if err := c.schemas.learn(source.Schema); err != nil {
			return nil, err
		}
		p.types = typesOf(source.Schema.Value)
		p.scalar = !p.types.array && !p.types.object
	} else if len(source.Content) == 1 {
		for _, m := range source.Content {
			if m.Schema != nil {
				if err := c.schemas.learn(m.Schema); err != nil {
					return nil, err
				}
				p.site.schema = m.Schema
			}
		}
	}
	p.repeatable = source.Schema != nil && (p.types.array || p.types.object)
	c.compileStyled(p, false)
	c.compileText(p)
	if p.site.schema != nil && p.text == nil && p.content == nil && p.styled == nil {
		c.compileStyled(p, true)
	}
	return p, nil
}

func (c *Contract) compileBody(content openapi3.Content, up *scope, incoming bool) (*body, error) {
	b := &body{scope: up}
	for _, name := range sortedKeys(content) {
		source := content[name]
		at, err := up.within(source.Extensions, source.Origin)
		if err != nil {
			return nil, err
		}
		if err := c.schemas.learn(source.Schema); err != nil {
			return nil, err
		}
		essence, _, _ := strings.Cut(strings.ToLower(name), ";")
		m := &media{name: strings.TrimSpace(essence), site: site{at: Location{In: PartBody}, schema: source.Schema, scope: at, schemas: c.schemas, verdicts: &verdicts{}}}
		m.json = isJSON(m.name)
		if m.checker, err = c.newMediaChecker(m, source, at, incoming); err != nil {
			return nil, err
		}
		m.program = programOf(m.checker)
		b.media = append(b.media, m)
	}
	return b, nil
}

func (c *Contract) compileResponses(op *operation, source *openapi3.Operation) error {
	for _, status := range sortedKeys(source.Responses.Map()) {
		ref := source.Responses.Value(status)
		at, err := op.scope.within(merged(ref.Extensions, ref.Value.Extensions), ref.Value.Origin)
		if err != nil {
			return err
		}
		r := &response{scope: at}
		if len(ref.Value.Content) > 0 {
			if r.body, err = c.compileBody(ref.Value.Content, at, false); err != nil {
				return err
			}
			r.body.required = true
		}
		for _, name := range sortedKeys(ref.Value.Headers) {
			if http.CanonicalHeaderKey(name) == "Content-Type" {
				continue // OpenAPI ignores it: the content says it
			}
			header := ref.Value.Headers[name]
			as := header.Value.Parameter
			as.Name, as.In = name, openapi3.ParameterInHeader
			h, err := c.compileParameter(&as, header.Extensions, at, PartHeader, false)
			if err != nil {
				return err
			}
			r.headers = append(r.headers, h)
		}
		op.responses[strings.ToUpper(status)] = r
	}
	return nil
}

// compileSecurity turns the operation's security requirements, or the
// document's, into what can be seen of them in a request.
func (c *Contract) compileSecurity(op *operation, source *openapi3.Operation) error {
	requirements := c.doc.Security
	if source.Security != nil {
		requirements = *source.Security
	}
	for _, alternative := range requirements {
		r := requirement{}
		for _, name := range sortedKeys(alternative) {
			scheme := c.securityScheme(name)
			if scheme == nil {
				return &LoadError{Position: op.public.Position, Problem: fmt.Sprintf("security scheme %q is not declared", name), Remedy: "declare it under components/securitySchemes"}
			}
			cred := newCredential(scheme)
			if cred.part == PartQuery {
				op.query[cred.name] = struct{}{}
			}
			r = append(r, cred)
		}
		op.security = append(op.security, r)
	}
	return nil
}

func (c *Contract) securityScheme(name string) *openapi3.SecurityScheme {
	if c.doc.Components == nil || c.doc.Components.SecuritySchemes[name] == nil {
		return nil
	}
	return c.doc.Components.SecuritySchemes[name].Value
}
