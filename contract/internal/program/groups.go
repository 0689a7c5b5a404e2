package program

import "github.com/getkin/kin-openapi/openapi3"

// which tells anyOf from oneOf.
type which uint8

const (
	whichAnyOf which = iota
	whichOneOf
)

func (w which) refs(s *openapi3.Schema) openapi3.SchemaRefs {
	if w == whichAnyOf {
		return s.AnyOf
	}
	return s.OneOf
}

func (w which) keyword() string {
	if w == whichAnyOf {
		return "anyOf"
	}
	return "oneOf"
}

// resolved is the flag of a keyword one of whose branches is in the
// conjunction.
func (w which) resolved() elemFlags {
	if w == whichAnyOf {
		return noAnyOf
	}
	return noOneOf
}

// open reports whether the keyword of an elem is still to be satisfied.
func (w which) open(e elem) bool {
	return len(w.refs(e.s)) > 0 && e.flags&w.resolved() == 0
}

var bothKeywords = [...]which{whichAnyOf, whichOneOf}

// cloneElems copies a conjunction so that its flags can be changed.
func cloneElems(elems []elem) []elem { return append([]elem(nil), elems...) }

// branchElems is the conjunction that a branch of a schema's keyword makes. A
// branch that leads back to the schema, as those of a discriminator do when
// they inherit from it, takes the keyword for satisfied.
func (c *compilation) branchElems(parent elem, keyword string, ref *openapi3.SchemaRef) ([]elem, error) {
	e, err := c.elem(parent.s, keyword, ref)
	if err != nil {
		return nil, err
	}
	elems, err := c.expand([]elem{e})
	if err != nil {
		return nil, err
	}
	for i := range elems {
		if elems[i].s != parent.s {
			continue
		}
		if parent.s.Discriminator == nil || e.s == parent.s {
			return nil, c.unsupported(parent.s, keyword, "the schema refers to itself for the same value")
		}
		for _, w := range bothKeywords {
			if w.keyword() == keyword {
				elems[i].flags |= w.resolved()
			}
		}
	}
	return elems, nil
}

// branch is the node of a branch by itself.
func (c *compilation) branch(parent elem, keyword string, ref *openapi3.SchemaRef) (*node, error) {
	elems, err := c.branchElems(parent, keyword, ref)
	if err != nil {
		return nil, err
	}
	return c.node(elems, true)
}

// chosen is the node of the conjunction with one branch of its ith schema's
// keyword in place of the keyword.
func (c *compilation) chosen(elems []elem, i int, w which, ref *openapi3.SchemaRef, inPlace bool) (*node, error) {
	branch, err := c.branchElems(elems[i], w.keyword(), ref)
	if err != nil {
		return nil, err
	}
	all := cloneElems(elems)
	all[i].flags |= w.resolved()
	return c.node(append(all, branch...), inPlace)
}

// narrowed is the conjunction as values of one kind see it: where the types
// leave one branch of a keyword, the branch takes the keyword's place.
func (c *compilation) narrowed(n *node, elems []elem, kind types) ([]elem, error) {
	var out []elem
	for _, e := range elems {
		if kind != tNull || e.flags&nullPasses == 0 {
			out = append(out, e)
		}
	}
	known := len(out)
	for i := 0; i < len(out); i++ {
		for _, w := range bothKeywords {
			if !w.open(out[i]) || (kind == tObject && out[i].s.Discriminator != nil && out[i].flags&noDispatch == 0) {
				continue
			}
			branch, err := c.onlyBranch(out[i], w, kind)
			if err != nil {
				return nil, err
			}
			if branch == nil {
				continue
			}
			out[i].flags |= w.resolved()
			if out, err = c.expand(append(out, branch...)); err != nil {
				return nil, err
			}
		}
	}
	for _, e := range out[min(known, len(out)):] {
		t, err := c.typesOf(e.s)
		if err != nil {
			return nil, err
		}
		if t == tAny || e.s.Always != nil {
			continue
		}
		n.types &^= kind &^ t
		n.typeFacts = append(n.typeFacts, typeFact{types: t | tAny&^kind, fact: c.fact(e.s, "type", KindType, t.names()...)})
	}
	return out, nil
}

// onlyBranch is the one branch that values of the kind can match, nil when
// there is none or more than one.
func (c *compilation) onlyBranch(e elem, w which, kind types) ([]elem, error) {
	var only []elem
	for _, ref := range w.refs(e.s) {
		branch, err := c.branchElems(e, w.keyword(), ref)
		if err != nil {
			return nil, err
		}
		possible := kind
		for _, b := range branch {
			t, err := c.typesOf(b.s)
			if err != nil {
				return nil, err
			}
			if b.flags&nullPasses != 0 {
				t |= tNull
			}
			possible &= t
		}
		if possible == 0 {
			continue
		}
		if only != nil {
			return nil, nil
		}
		only = branch
	}
	return only, nil
}

// groups compiles the keywords with alternatives that are left to be tried.
func (c *compilation) groups(elems []elem, kind types) ([]*group, error) {
	noting := c.options.Undeclared && (kind == tObject || kind == tArray)
	for _, e := range elems {
		if (kind == tObject && len(e.s.Properties) > 0) || (kind == tArray && (e.s.Items != nil || len(e.s.PrefixItems) > 0)) {
			noting = false
		}
	}
	var out []*group
	for _, e := range elems {
		for _, w := range bothKeywords {
			if !w.open(e) {
				continue
			}
			if kind == tObject && c.isLean(e, w.keyword(), w.refs(e.s)...) {
				continue
			}
			g := &group{op: opAnyOf, fact: c.fact(e.s, w.keyword(), KindAnyOf), noting: noting}
			if w == whichOneOf {
				g.op, g.fact = opOneOf, c.fact(e.s, w.keyword(), KindOneOf)
			}
			for _, ref := range w.refs(e.s) {
				b, err := c.branch(e, w.keyword(), ref)
				if err != nil {
					return nil, err
				}
				g.branches = append(g.branches, b)
			}
			out = append(out, g)
		}
		more, err := c.conditions(e, kind)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// conditions compiles not and if of one schema.
func (c *compilation) conditions(e elem, kind types) ([]*group, error) {
	var out []*group
	if e.s.Not != nil && (kind != tObject || !c.isLean(e, "not", e.s.Not)) {
		b, err := c.branch(e, "not", e.s.Not)
		if err != nil {
			return nil, err
		}
		out = append(out, &group{op: opNot, fact: c.fact(e.s, "not", KindNot), branches: []*node{b}})
	}
	if e.s.If == nil || (e.s.Then == nil && e.s.Else == nil) {
		return out, nil
	}
	g := &group{op: opIf, branches: make([]*node, 3)}
	for i, ref := range []*openapi3.SchemaRef{e.s.If, e.s.Then, e.s.Else} {
		if ref == nil {
			continue
		}
		b, err := c.branch(e, [...]string{"if", "then", "else"}[i], ref)
		if err != nil {
			return nil, err
		}
		g.branches[i] = b
	}
	return append(out, g), nil
}

// dispatchOf finds a keyword whose branch an object names itself.
func (c *compilation) dispatchOf(elems []elem, inPlace bool) (*dispatch, error) {
	for i, e := range elems {
		for _, w := range bothKeywords {
			if !w.open(e) || e.flags&noDispatch != 0 {
				continue
			}
			d, err := c.discriminated(elems, i, w, inPlace)
			if d == nil && err == nil {
				d, err = c.inferred(elems, i, w, inPlace)
			}
			if d != nil || err != nil {
				return d, err
			}
		}
	}
	return nil, nil
}
