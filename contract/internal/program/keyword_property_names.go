package program

// propertyNames compiles the propertyNames keyword: the schema is read against
// the names, which are JSON strings where they stand.
func (c *compilation) propertyNames(e elem, r *objectRules) error {
	if e.s.PropertyNames == nil {
		return nil
	}
	child, err := c.elem(e.s, "propertyNames", e.s.PropertyNames)
	if err != nil {
		return err
	}
	n, err := c.node([]elem{child}, false)
	if err != nil {
		return err
	}
	r.memberName = append(r.memberName, n)
	return nil
}

// memberNames checks the name at the given place.
func (m *machine) memberNames(r *objectRules, nameAt int) bool {
	for _, n := range r.memberName {
		if !m.reread(n, nameAt) {
			return false
		}
	}
	return true
}
