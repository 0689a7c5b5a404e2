package form

import (
	"strings"
)

// maxBrackets is how many brackets of a name are followed.
const maxBrackets = 16

// node is a place that names with brackets lead to.
type node struct {
	raws  []string
	names []string
	below map[string]*node
}

func (n *node) child(name string) *node {
	if c := n.below[name]; c != nil {
		return c
	}
	if n.below == nil {
		n.below = make(map[string]*node)
	}
	c := &node{}
	n.below[name] = c
	n.names = append(n.names, name)
	return c
}

// deep reads an object in the style deepObject: name[member]=value. What the
// standard leaves open is read as most servers do: more brackets go deeper, an
// array's items are repeated, or have an index or nothing in the brackets.
func (p *Pairs) deep(l Layout, shape *Shape, name string) *Value {
	if !p.HasBrackets(name) {
		if p.Has(name) {
			return once(l.leaf(shape, p.raw[name][0]).Add(BadStyle), p.raw[name])
		}
		return nil
	}
	root := &node{}
	var problems []Problem
	for _, full := range p.roots[name] {
		path, problem := brackets(full[len(name):])
		if problem != 0 {
			problems = append(problems, problem)
			continue
		}
		at := root
		for _, token := range path {
			at = at.child(token)
		}
		at.raws = append(at.raws, p.raw[full]...)
	}
	v := l.tree(shape, root)
	v.problems = append(v.problems, problems...)
	return v
}

// brackets are the texts in the brackets of a name such as [a][b].
func brackets(text string) (path []string, problem Problem) {
	for text != "" {
		end := strings.IndexByte(text, ']')
		if text[0] != '[' || end < 0 {
			return nil, BadStyle
		}
		if len(path) == maxBrackets {
			return nil, Nested
		}
		path, text = append(path, text[1:end]), text[end+1:]
	}
	return path, 0
}

// tree turns a place and all below it into a value.
func (l Layout) tree(shape *Shape, n *node) *Value {
	shape = shape.orAny()
	switch {
	case len(n.below) == 0 && shape.Array:
		v := List()
		for _, raw := range n.raws {
			v.Append(l.item(shape, raw))
		}
		return v
	case len(n.below) == 0 && len(n.raws) > 0:
		return once(l.leaf(shape, n.raws[0]), n.raws)
	case shape.Array && indexes(n.names):
		v := List()
		for _, name := range n.names {
			l.appendItems(v, shape, n.below[name])
		}
		return v
	}
	v := Record()
	if len(n.raws) > 0 {
		v.Add(BadStyle) // a value and members in one place
	}
	for _, name := range n.names {
		v.Set(name, l.tree(shape.member(name), n.below[name]))
	}
	return v
}

// appendItems adds the item of an index, or the items of empty brackets.
func (l Layout) appendItems(v *Value, shape *Shape, n *node) {
	if len(n.below) > 0 {
		v.Append(l.tree(shape.items(), n))
		return
	}
	for _, raw := range n.raws {
		v.Append(l.item(shape, raw))
	}
}

// indexes reports whether all names are numbers or empty.
func indexes(names []string) bool {
	for _, name := range names {
		if strings.Trim(name, "0123456789") != "" {
			return false
		}
	}
	return true
}
