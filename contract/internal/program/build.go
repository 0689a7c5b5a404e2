package program

import (
	"math"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/program/scan"
)

// What has no rules lets any JSON pass.
var (
	freeNode   = &node{types: tAny}
	freeArray  = &arrayRules{rest: freeNode, maxItems: math.MaxInt}
	freeObject = &objectRules{rest: freeNode, maxProperties: math.MaxInt}
)

func numberEnd(text string) int {
	end, _, _ := scan.Number([]byte(text), 0)
	return end
}

func (c *compilation) buildSimple(elems []elem, kind types) (*simpleRules, error) {
	r := &simpleRules{}
	if err := c.simple(r, elems, kind); err != nil {
		return nil, err
	}
	if r.enums == nil && r.groups == nil {
		return nil, nil
	}
	return r, nil
}

// simple compiles what every kind of value may have to satisfy.
func (c *compilation) simple(r *simpleRules, elems []elem, kind types) error {
	for _, e := range elems {
		if err := c.enums(e, r); err != nil {
			return err
		}
	}
	groups, err := c.groups(elems, kind)
	r.groups = groups
	return err
}

func (c *compilation) buildNull(n *node, elems []elem, _ bool) (err error) {
	n.null, err = c.buildSimple(elems, tNull)
	return err
}

func (c *compilation) buildBoolean(n *node, elems []elem, _ bool) (err error) {
	n.boolean, err = c.buildSimple(elems, tBoolean)
	return err
}

func (c *compilation) buildNumber(n *node, elems []elem, _ bool) error {
	r := &numberRules{}
	for _, e := range elems {
		if err := c.bounds(e, r); err != nil {
			return err
		}
		if err := c.multipleOf(e, r); err != nil {
			return err
		}
		c.numberFormat(e, r)
	}
	if err := c.simple(&r.simpleRules, elems, tNumber); err != nil {
		return err
	}
	r.settle()
	if !r.empty() {
		n.number = r
	}
	return nil
}

func (c *compilation) buildText(n *node, elems []elem, _ bool) error {
	r := newTextRules()
	for _, e := range elems {
		c.minLength(e, r)
		c.maxLength(e, r)
		if err := c.pattern(e, r); err != nil {
			return err
		}
		c.textFormat(e, r)
	}
	if err := c.simple(&r.simpleRules, elems, tString); err != nil {
		return err
	}
	r.content = r.content || r.enums != nil
	if !r.empty() {
		n.text = r
	}
	return nil
}

func (c *compilation) buildArray(n *node, elems []elem, _ bool) error {
	r := newArrayRules()
	n.array = r
	if err := c.items(r, elems); err != nil {
		return err
	}
	for _, e := range elems {
		c.itemCounts(e, r)
		c.uniqueItems(e, r)
		if err := c.contains(e, r); err != nil {
			return err
		}
		if err := c.unevaluatedItemsOf(e, r); err != nil {
			return err
		}
	}
	return c.simple(&r.simpleRules, elems, tArray)
}

func (c *compilation) buildObject(n *node, elems []elem, inPlace bool) error {
	r := &objectRules{maxProperties: math.MaxInt}
	n.object = r
	d, err := c.dispatchOf(elems, inPlace)
	if d != nil || err != nil {
		r.dispatch = d
		return err
	}
	if err := c.fields(elems, r); err != nil {
		return err
	}
	if err := c.others(elems, r); err != nil {
		return err
	}
	for _, e := range elems {
		c.required(e, r)
		c.propertyCounts(e, r)
		if err := c.dependents(e, r); err != nil {
			return err
		}
		if err := c.propertyNames(e, r); err != nil {
			return err
		}
		if err := c.unevaluatedPropertiesOf(e, r); err != nil {
			return err
		}
	}
	if err := c.leanGroups(elems, r); err != nil {
		return err
	}
	if err := c.simple(&r.simpleRules, elems, tObject); err != nil {
		return err
	}
	if err := c.undeclared(elems, r, inPlace); err != nil {
		return err
	}
	r.finish = r.finish || r.minLimits != nil || r.maxLimits != nil || r.dependents != nil || r.enums != nil ||
		r.lean != nil || r.groups != nil || r.unevaluated != nil
	return nil
}

// undeclared compiles the fact about properties that no schema names.
func (c *compilation) undeclared(elems []elem, r *objectRules, inPlace bool) error {
	if !c.options.Undeclared || inPlace {
		return nil
	}
	var by *openapi3.Schema
	declared := map[string]bool{}
	for _, s := range closure(elems, false) {
		if s.AdditionalProperties.Schema != nil || s.UnevaluatedProperties.Schema != nil ||
			(s.UnevaluatedProperties.Has != nil && !*s.UnevaluatedProperties.Has) {
			return nil
		}
		if by == nil && (len(s.Properties) > 0 || len(s.PatternProperties) > 0) {
			by = s
		}
		for name := range s.Properties {
			declared[name] = true
		}
		for _, expression := range sortedKeys(s.PatternProperties) {
			p, err := c.expression(expression)
			if err != nil {
				return c.unsupported(s, "patternProperties", err.Error())
			}
			r.declaring = append(r.declaring, p)
		}
	}
	if by == nil {
		return nil
	}
	fact := c.fact(by, "properties", KindUndeclared)
	r.undeclared = fact
	for k := range r.fields {
		f := &r.fields[k]
		if f.forbids == nil && !declared[f.name] {
			f.undeclared = fact
		}
	}
	return nil
}

// closure are all schemas that look at the same value as the given ones,
// whether they must match or not; those that must not are left out unless
// negated is set.
func closure(elems []elem, negated bool) []*openapi3.Schema {
	var out []*openapi3.Schema
	seen := map[*openapi3.Schema]bool{}
	var visit func(s *openapi3.Schema)
	refs := func(list ...*openapi3.SchemaRef) {
		for _, ref := range list {
			if ref != nil && ref.Value != nil {
				visit(ref.Value)
			}
		}
	}
	visit = func(s *openapi3.Schema) {
		if seen[s] {
			return
		}
		seen[s] = true
		out = append(out, s)
		refs(s.AllOf...)
		refs(s.AnyOf...)
		refs(s.OneOf...)
		if negated {
			refs(s.Not)
		}
		refs(s.If, s.Then, s.Else)
		for _, name := range sortedKeys(s.DependentSchemas) {
			refs(s.DependentSchemas[name])
		}
	}
	for _, e := range elems {
		visit(e.s)
	}
	return out
}

// spokenNames are the names of members that the schemas speak of, and those
// of their alternatives, in order.
func (c *compilation) spokenNames(elems []elem) ([]string, error) {
	names := map[string]bool{}
	add := func(list ...string) {
		for _, name := range list {
			names[name] = true
		}
	}
	for _, s := range closure(elems, true) {
		add(sortedKeys(s.Properties)...)
		add(s.Required...)
		for name, needs := range s.DependentRequired {
			add(name)
			add(needs...)
		}
		add(sortedKeys(s.DependentSchemas)...)
	}
	const most = 1 << 15
	if len(names) > most {
		return nil, c.unsupported(elems[0].s, "properties", "too many names")
	}
	return slices.Clip(sortedKeys(names)), nil
}
