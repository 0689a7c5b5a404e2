package contract

// restParameter is the name of the path parameter that takes the rest of the
// path, slashes included, empty for none. OpenAPI cannot say so: the document
// marks the parameter with x-wildcard: true.
func (c *Contract) restParameter(op *Operation) string {
	for _, p := range c.byID[op.ID].params {
		if rest, ok := p.source.Extensions["x-wildcard"].(bool); ok && rest && p.part == PartPath {
			return p.source.Name
		}
	}
	return ""
}
