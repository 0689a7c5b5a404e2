package program

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// silent are keywords that assert something and that the schemas' model does
// not hold: passing over them would be a silent pass.
var silent = []string{"dependencies", "additionalItems", "$recursiveRef", "$recursiveAnchor", "$dynamicRef"}

// check refuses schemas with keywords that are not compiled.
func (c *compilation) check(s *openapi3.Schema) error {
	if s.DynamicRef != "" {
		return c.unsupported(s, "$dynamicRef", "the target depends on the path taken to the schema")
	}
	if s.SchemaDialect != "" && !strings.HasPrefix(s.SchemaDialect, "https://json-schema.org/draft/2020-12/schema") &&
		!strings.HasPrefix(s.SchemaDialect, "https://spec.openapis.org/oas/3.1/dialect/") {
		return c.unsupported(s, "$schema", "dialect "+s.SchemaDialect+" is not known")
	}
	for _, keyword := range silent {
		if _, ok := s.Extensions[keyword]; ok {
			return c.unsupported(s, keyword, "the keyword is not part of OpenAPI")
		}
	}
	return nil
}

// grounded refuses nodes that look at a value through themselves without ever
// getting to a smaller one.
func (c *compilation) grounded(root *node) error {
	const open, done = 1, 2
	state := map[*node]int{}
	var visit func(n *node) error
	visit = func(n *node) error {
		if n == nil || state[n] == done {
			return nil
		}
		if state[n] == open {
			return c.unsupported(nil, "$ref", "a schema refers to itself for the same value")
		}
		state[n] = open
		for _, next := range n.sameValue() {
			if err := visit(next); err != nil {
				return err
			}
		}
		state[n] = done
		return nil
	}
	for _, n := range reachable(root) {
		if err := visit(n); err != nil {
			return err
		}
	}
	return nil
}

// simples are the rules that the kinds of a node share.
func (n *node) simples() []*simpleRules {
	var out []*simpleRules
	if n.null != nil {
		out = append(out, n.null)
	}
	if n.boolean != nil {
		out = append(out, n.boolean)
	}
	if n.number != nil {
		out = append(out, &n.number.simpleRules)
	}
	if n.text != nil {
		out = append(out, &n.text.simpleRules)
	}
	if n.array != nil {
		out = append(out, &n.array.simpleRules)
	}
	if n.object != nil {
		out = append(out, &n.object.simpleRules)
	}
	return out
}

// sameValue are the nodes that look at the same value as n.
func (n *node) sameValue() []*node {
	var out []*node
	for _, r := range n.simples() {
		for _, g := range r.groups {
			out = append(out, g.branches...)
		}
	}
	if r := n.object; r != nil {
		if r.dispatch != nil {
			out = append(out, r.dispatch.nodes...)
			out = append(out, r.dispatch.other)
		}
		for i := range r.lean {
			out = append(out, r.lean[i].group.branches...)
		}
		for i := range r.dependents {
			out = append(out, r.dependents[i].node)
		}
		for _, u := range r.unevaluated {
			out = append(out, u.eval.guards()...)
		}
	}
	if r := n.array; r != nil {
		for _, u := range r.unevaluated {
			out = append(out, u.eval.guards()...)
		}
	}
	return out
}

// reachable are all nodes that a run may come to, n first.
func reachable(n *node) []*node {
	seen := map[*node]bool{}
	var out []*node
	queue := []*node{n}
	for len(queue) > 0 {
		n := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if n == nil || seen[n] {
			continue
		}
		seen[n] = true
		out = append(out, n)
		queue = append(queue, n.sameValue()...)
		queue = append(queue, n.parts()...)
	}
	return out
}

// parts are the nodes that look at a part of n's value.
func (n *node) parts() []*node {
	var out []*node
	if r := n.array; r != nil {
		out = append(append(out, r.prefix...), r.rest)
		for _, rule := range r.contains {
			out = append(out, rule.node)
		}
		for _, u := range r.unevaluated {
			out = append(out, u.node)
		}
	}
	if r := n.object; r != nil {
		out = append(append(out, r.rest), r.memberName...)
		for i := range r.fields {
			out = append(out, r.fields[i].node)
			for _, t := range r.fields[i].trials {
				out = append(out, t.node)
			}
		}
		for _, p := range r.patterned {
			out = append(out, p.additional)
			for _, q := range p.patterns {
				out = append(out, q.node)
			}
		}
		for _, u := range r.unevaluated {
			out = append(out, u.node)
		}
	}
	return out
}
