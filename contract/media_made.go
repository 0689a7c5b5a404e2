package contract

import (
	"github.com/parley-contracts/parley/contract/internal/form"
)

// made is a place whose values are read from text and checked as the JSON they
// stand for.
type made struct {
	site  *site
	shape *form.Shape
	json  bodyChecker
}

// newMade prepares a place for values read from text. where names it.
func (c *Contract) newMade(s *site, where string, incoming bool) *made {
	return &made{site: s, shape: c.newShaper().shape(s.schema), json: c.newJSON(s, where, incoming)}
}

// newJSON makes the checker of JSON at a place.
func (c *Contract) newJSON(s *site, where string, incoming bool) bodyChecker {
	if p := c.programs.body(s.schema, where); p != nil {
		return &compiledJSON{program: p, direction: directionOf(incoming)}
	}
	return kinJSON{}
}

// problemWords words the problems of a text. An empty rule leaves a problem out.
type problemWords func(form.Problem) (Rule, string)

// maxReadings bounds how often a value is read anew.
const maxReadings = 4

// settle checks a value read from text. Where it has several readings the one
// with the fewest findings counts, the likeliest of those; without any the
// findings are none.
func (k *check) settle(m *made, v *form.Value, words problemWords) []Finding {
	best, pointers := k.weigh(m, v, words)
	for range maxReadings {
		if len(best) == 0 || !v.Reread(pointers) {
			break
		}
		var again []Finding
		if again, pointers = k.weigh(m, v, words); len(again) < len(best) {
			best = again
		}
	}
	return best
}

// weigh checks one reading of a value. The pointers are those of all that is
// wrong with it. What cannot be read is not found to be of another type as well.
func (k *check) weigh(m *made, v *form.Value, words problemWords) (findings []Finding, pointers []string) {
	sub := k.within()
	unread := make(map[string]struct{})
	v.Problems(func(pointer string, p form.Problem) {
		pointers = append(pointers, pointer)
		if p != form.Repeated {
			unread[pointer] = struct{}{}
		}
		if rule, message := words(p); rule != "" {
			at := m.site.at
			at.Pointer = pointer
			sub.add(rule, at, m.site.scope.basis(""), message)
		}
	})
	findings = sub.findings
	if text := v.AppendJSON(nil); m.site.schema != nil && !m.json.accepts(text) {
		sub.findings = nil
		m.json.collect(sub, m.site, "application/json", text)
		for _, f := range sub.findings {
			if _, known := unread[f.Location.Pointer]; !known || aboutPresence(f.Rule) {
				findings = append(findings, f)
				pointers = append(pointers, f.Location.Pointer)
			}
		}
	}
	k.dropped = k.dropped || sub.dropped
	return findings, pointers
}

// within is a check of a part of the message, whose findings are looked at
// before they are kept.
func (k *check) within() *check {
	return &check{contract: k.contract, op: k.op, direction: k.direction, account: AccountValidated, values: k.values}
}

// keepAll keeps findings. prefix is put in front of their pointers.
func (k *check) keepAll(findings []Finding, prefix string) {
	for _, f := range findings {
		f.Location.Pointer = prefix + f.Location.Pointer
		k.keep(f)
	}
}

// bodyProblem words the problems of the text of a body.
func bodyProblem(p form.Problem) (Rule, string) {
	switch p {
	case form.BrokenEscape:
		return RuleBodyEncoding, "has a broken percent-escape"
	case form.NotUTF8:
		return RuleBodyEncoding, "is not UTF-8"
	case form.Repeated:
		return RuleParameterRepeated, "takes one value and is given several times"
	case form.NotJSON:
		return RuleJSONSyntax, "is not JSON"
	case form.Nested:
		return RuleBodyEncoding, "is nested deeper than is followed"
	default:
		return RuleBodyEncoding, "is not written in the style that the contract declares"
	}
}
