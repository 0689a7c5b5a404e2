package program

import "github.com/getkin/kin-openapi/openapi3"

// requirement is the fields that must be there in one direction.
type requirement struct {
	// mask holds those among the first 64 fields.
	mask  uint64
	facts []requiredFact
}

// requiredFact is one name of a required keyword.
type requiredFact struct {
	field int
	fact  *Fact
}

// required compiles the required keyword. A property that must not be sent in
// a direction is not required in it.
func (c *compilation) required(e elem, r *objectRules) {
	for _, name := range unique(e.s.Required) {
		k := r.names.find([]byte(name))
		fact := c.factNamed(e.s, "required", name, KindRequired, name)
		for direction := range r.required {
			if r.fields[k].access[direction] != nil {
				continue
			}
			q := &r.required[direction]
			q.facts = append(q.facts, requiredFact{k, fact})
			if k < 64 {
				q.mask |= 1 << k
			} else {
				r.finish = true
			}
		}
	}
}

// requiredFields reports the required fields that are missing.
func (m *machine) requiredFields(q *requirement, r *objectRules, f *objectFrame) bool {
	if f.seen&q.mask == q.mask && r.words == 0 {
		return true
	}
	for _, need := range q.facts {
		if f.has(need.field) {
			continue
		}
		if !m.collects() || !m.reportMember(need.fact, r.fields[need.field].name, f.start) {
			return false
		}
	}
	return true
}

// dependent is what follows from the presence of a member.
type dependent struct {
	trigger int
	// needs are the fields that must come with it.
	needs []int
	fact  *Fact
	// node is what the whole object must then satisfy, nil for nothing.
	node *node
}

// dependents compiles dependentRequired and dependentSchemas.
func (c *compilation) dependents(e elem, r *objectRules) error {
	for _, name := range sortedKeys(e.s.DependentRequired) {
		d := dependent{trigger: r.names.find([]byte(name))}
		d.fact = c.factNamed(e.s, "dependentRequired", name, KindRequired, name)
		for _, need := range e.s.DependentRequired[name] {
			d.needs = append(d.needs, r.names.find([]byte(need)))
		}
		r.dependents = append(r.dependents, d)
	}
	for _, name := range sortedKeys(e.s.DependentSchemas) {
		n, err := c.branch(e, "dependentSchemas", e.s.DependentSchemas[name])
		if err != nil {
			return err
		}
		r.dependents = append(r.dependents, dependent{trigger: r.names.find([]byte(name)), node: n})
	}
	return nil
}

// dependent checks what follows from a member that is there.
func (m *machine) dependent(d *dependent, r *objectRules, f *objectFrame) bool {
	for _, need := range d.needs {
		if f.has(need) {
			continue
		}
		if !m.collects() || !m.reportMember(d.fact, r.fields[need].name, f.start) {
			return false
		}
	}
	return d.node == nil || m.reread(d.node, f.start)
}

// access compiles readOnly and writeOnly of a member.
func (c *compilation) access(children []elem) (facts [2]*Fact) {
	set := func(direction Direction, s *openapi3.Schema, keyword string, kind Kind) {
		if facts[direction] == nil {
			facts[direction] = c.fact(s, keyword, kind)
		}
	}
	for _, e := range children {
		if e.s.ReadOnly {
			set(Request, e.s, "readOnly", KindReadOnly)
		}
		if e.s.WriteOnly {
			set(Response, e.s, "writeOnly", KindWriteOnly)
		}
	}
	return facts
}
