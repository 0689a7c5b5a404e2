package program

// visit is how far the search for cycles has come with a node.
type visit uint8

const (
	visitOpen visit = iota + 1
	visitDone
)

// grounded refuses nodes that look at a value through themselves without ever
// getting to a smaller one. Nodes of earlier programs are known to be sound.
func (c *compilation) grounded(root *node) error {
	queue := []*node{root}
	queued := map[*node]bool{root: true}
	for len(queue) > 0 {
		n := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if err := c.acyclic(n); err != nil {
			return err
		}
		for _, list := range [][]*node{n.sameValue(), n.parts()} {
			for _, next := range list {
				if next != nil && !queued[next] && !c.sound[next] {
					queued[next] = true
					queue = append(queue, next)
				}
			}
		}
	}
	for n := range queued {
		c.sound[n] = true
	}
	return nil
}

// acyclic follows the nodes that look at the same value as n.
func (c *compilation) acyclic(n *node) error {
	if n == nil || c.visits[n] == visitDone {
		return nil
	}
	if c.visits[n] == visitOpen {
		return c.unsupported(nil, "$ref", "a schema refers to itself for the same value")
	}
	c.visits[n] = visitOpen
	for _, next := range n.sameValue() {
		if err := c.acyclic(next); err != nil {
			delete(c.visits, n)
			return err
		}
	}
	c.visits[n] = visitDone
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
