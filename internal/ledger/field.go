package ledger

import (
	"fmt"
	"slices"
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// Group is what one page of the documentation names for one operation.
type Group struct {
	Contract  string `yaml:"contract"`
	Operation string `yaml:"operation"`
	// Page is the page of the documentation.
	Page string `yaml:"page"`
	// Variant is the discriminator's value that the body's fields belong to;
	// empty when there is one kind of body.
	Variant string `yaml:"variant"`
	Request Fields `yaml:"request"`
	// Responses are by status; 2xx stands for the success response where the
	// documentation does not say its status.
	Responses map[string]Fields `yaml:"responses"`
}

// Fields are the documented names of one message.
type Fields struct {
	// Headers are names of header fields; "Content-Type: x" also names the type.
	Headers []string `yaml:"headers"`
	Path    []string `yaml:"path"`
	Query   []string `yaml:"query"`
	// Body are names in the body: a dot leads into an object, [] into a list.
	Body []string `yaml:"body"`
	// Values are documented values by field of the body or parameter.
	Values map[string][]string `yaml:"values"`
}

// count is how many facts are listed.
func (f Fields) count() int {
	n := len(f.Headers) + len(f.Path) + len(f.Query) + len(f.Body)
	for _, values := range f.Values {
		n += len(values)
	}
	return n
}

// checkFields looks every documented field up.
func (b *balance) checkFields() {
	for i := range b.Fields {
		g := &b.Fields[i]
		op := b.byID[g.Operation]
		if op == nil || op.Contract != g.Contract {
			b.hole(KindField, g.Contract+" "+g.Operation, "the contract has no such operation")
			continue
		}
		op.Fields += g.Request.count()
		b.checkRequestFields(op, g)
		for status, fields := range g.Responses {
			op.Fields += 1 + fields.count()
			b.checkResponseFields(op, status, fields)
		}
	}
	for _, op := range b.ledger.Operations {
		b.ledger.Fields += op.Fields
	}
}

func (b *balance) checkRequestFields(op *Operation, g *Group) {
	at := op.where() + " request"
	for _, name := range g.Request.Headers {
		b.listed(at+" header "+name, b.requestHeader(op, name))
	}
	for _, name := range g.Request.Path {
		b.listed(at+" path "+name, places(b.parameter(op, "path", name)))
	}
	for _, name := range g.Request.Query {
		b.listed(at+" query "+name, places(b.parameter(op, "query", name)))
	}
	body := b.docs.member(op.at, "requestBody")
	b.checkBody(at, body, g.Variant, g.Request, func(name string) []place {
		for _, in := range []string{"query", "path"} {
			if p := b.parameter(op, in, name); p.node != nil {
				return places(b.docs.member(p, "schema"))
			}
		}
		return nil
	})
}

func (b *balance) checkResponseFields(op *Operation, status string, fields Fields) {
	at := op.where() + " " + status
	response := b.docs.member(op.at, "responses", status)
	if status == "2xx" {
		members(b.docs.member(op.at, "responses").node, func(name string, _ *yaml.Node) {
			if response.node == nil && strings.HasPrefix(name, "2") {
				response = b.docs.member(op.at, "responses", name)
			}
		})
	}
	if response.node == nil {
		b.hole(KindField, at, "the contract has no such response")
		return
	}
	if status != "2xx" {
		b.listed(at, places(response))
	}
	for _, name := range fields.Headers {
		b.listed(at+" header "+name, places(b.docs.member(response, "headers", name)))
	}
	b.checkBody(at, response, "", fields, func(string) []place { return nil })
}

// checkBody looks up the fields and values of a body; other finds what a value
// belongs to when it is not in the body.
func (b *balance) checkBody(at string, body place, variant string, fields Fields, other func(string) []place) {
	for _, name := range fields.Body {
		b.listed(at+" body "+name, b.bodyFields(body, variant, name))
	}
	for name, values := range fields.Values {
		found := b.bodyFields(body, variant, name)
		if len(found) == 0 {
			found = other(name)
		}
		for _, value := range values {
			if !slices.ContainsFunc(found, func(p place) bool { return b.allows(p, value, nil) }) {
				b.hole(KindField, at+" "+name+" = "+value, "the contract has no such value")
			}
		}
	}
}

// listed notes where a documented field is found, or that it is not.
func (b *balance) listed(at string, found []place) {
	if len(found) == 0 {
		b.hole(KindField, at, "")
		return
	}
	for _, p := range found {
		b.documented[p.node] = true
		if grade := text(p.node, "x-evidence", "grade"); grade != "" && grade != "documented" {
			b.hole(KindFieldGrade, at, fmt.Sprintf("%s grades it %s", p, grade))
		}
	}
}

// places is the place when there is one.
func places(p place) []place {
	if p.node == nil {
		return nil
	}
	return []place{p}
}
