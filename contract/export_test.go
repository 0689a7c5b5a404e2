package contract

// panicking is a checker that fails.
type panicking struct{}

func (panicking) accepts([]byte) bool { panic("LEAK") }

func (panicking) collect(*check, *site, string, []byte) Account { return AccountValidated }

// BreakChecker makes every body check of an operation's requests panic.
func (c *Contract) BreakChecker(operationID string) {
	for _, m := range c.byID[operationID].body.media {
		m.checker, m.program = panicking{}, nil
	}
}

// CheckRequestSlowly is CheckRequest without the quick answers.
func (c *Contract) CheckRequestSlowly(r *Request) Result {
	m := c.match(r.Method, r.Target)
	if m.op == nil {
		return c.checkMatched(r, &m)
	}
	k := c.newCheck(m.op, DirectionRequest)
	k.checkSlash(&m)
	k.checkHead(r.Header, m.query, m.params)
	k.refused = true // the body's own quick answer is left out too
	k.checkBody(m.op.body, m.op.scope, newPayload(r.Header, r.Body, r.BodyReader, r.Oversize))
	return k.result(m.params)
}
