package contract

// panicking is a checker that fails.
type panicking struct{}

func (panicking) accepts([]byte) bool { panic("LEAK") }

func (panicking) collect(*check, *site, string, []byte) Account { return AccountValidated }

// BreakChecker makes every body check of an operation's requests panic.
func (c *Contract) BreakChecker(operationID string) {
	for _, m := range c.byID[operationID].body.media {
		m.checker = panicking{}
	}
}
