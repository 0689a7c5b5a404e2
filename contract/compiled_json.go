package contract

import (
	"bytes"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/contract/internal/program"
)

// compiledJSON checks JSON with a program.
type compiledJSON struct {
	program   *program.Program
	direction program.Direction
}

func (j *compiledJSON) accepts(body []byte) bool { return j.program.Accept(body, j.direction) }

func (j *compiledJSON) collect(k *check, s *site, _ string, body []byte) Account {
	if len(bytes.TrimSpace(body)) == 0 {
		k.add(RuleBodyMissing, s.at, s.scope.basis(""), "holds nothing but white space")
		return AccountUndecodable
	}
	x := explainer{check: k, site: s, account: AccountValidated}
	if !x.takeAll(&k.known) {
		return x.walk(j, body)
	}
	return x.account
}

// walk runs a program and reports all it finds. It works on a copy, so that an
// explainer that is not needed for it stays off the heap.
func (x explainer) walk(j *compiledJSON, body []byte) Account {
	j.program.Walk(body, j.direction, branchFindings, x.take)
	return x.account
}

// programOf is the program that a checker runs, nil without one.
func programOf(checker bodyChecker) *compiledJSON {
	switch c := checker.(type) {
	case *compiledJSON:
		return c
	case jsonBody:
		return programOf(c.checker)
	}
	return nil
}

// branchFindings is how many findings of a branch of an anyOf or oneOf are
// looked at to tell which came nearest.
const branchFindings = 20

// explainer turns the findings of a program into those of a check.
type explainer struct {
	check *check
	site  *site
	// invalid is the rule for text that is no Unicode: that of a parameter or
	// header, empty for a body.
	invalid Rule
	account Account
}

// takeAll reports what is known already, and answers whether that will do: where
// there is more, it does if there are more errors than are shown.
func (x *explainer) takeAll(known *bodyFindings) bool {
	if len(known.list) == 0 {
		return false
	}
	if !known.complete {
		for i := range known.list {
			if v := x.verdict(&known.list[i]); v.severity != SeverityError {
				return false
			}
		}
	}
	x.check.findings = slices.Grow(x.check.findings, len(known.list))
	for i := range known.list {
		x.take(known.list[i])
	}
	return true
}

// take reports one finding. The run ends once there are more errors than are
// shown; that there are more warnings does not end it, so that they never hide
// an error.
func (x *explainer) take(f program.Finding) program.Next {
	k := x.check
	v := x.verdict(&f)
	k.give(x.site.at, x.pointer(&f), v, x.message(&f, v))
	limit := k.contract.config.MaxFindings
	switch {
	case k.errors > limit:
		return program.Stop
	case len(k.findings)-k.errors > limit && k.contract.config.Undeclared != SeverityError:
		return program.Mute
	}
	return program.All
}

// pointer is where a finding is reported: what lacks a member is the object.
func (x *explainer) pointer(f *program.Finding) string {
	if f.Name != "" {
		return shortPointer(cutToken(f.Pointer))
	}
	return shortPointer(f.Pointer)
}

// verdict is what the contract says about the fact that was broken. It also
// takes the account of what could not be read.
func (x *explainer) verdict(f *program.Finding) *verdict {
	switch f.Kind {
	case program.KindSyntax, program.KindDepth:
		x.account = AccountUndecodable
	case program.KindBudget:
		x.account = AccountFailed
	case program.KindRequired, program.KindDiscriminator, program.KindForbidden, program.KindUndeclared, program.KindUniqueItems, program.KindCaseTwin:
		return x.known(f, cutToken(f.Pointer))
	}
	return x.known(f, f.Pointer)
}

// known finds the verdict of the fact at the place of the value it is about.
func (x *explainer) known(f *program.Finding, value string) *verdict {
	s, item := x.site, ""
	switch {
	case f.Kind == program.KindCaseTwin:
		item = f.Suggestion
	case f.Keyword == "dependentRequired":
		item = f.Name
	}
	return s.verdicts.find(f.Fact, item, value, !s.schemas.exactPlaces, func() *verdict {
		rule := Rule(f.Kind)
		if x.unreadable(f) {
			rule = x.invalid
		}
		return x.check.judge(s, f, rule, value)
	})
}

// unreadable reports a finding about the text of a parameter or header rather
// than its value.
func (x *explainer) unreadable(f *program.Finding) bool {
	switch f.Kind {
	case program.KindSyntax, program.KindTrailing, program.KindDepth, program.KindUTF8:
		return x.invalid != ""
	}
	return false
}

// cutToken is a pointer without its last token.
func cutToken(pointer string) string {
	return pointer[:max(0, strings.LastIndexByte(pointer, '/'))]
}

// lastToken is the last token of a pointer, unescaped.
func lastToken(pointer string) string {
	tokens := splitPointer(pointer)
	if len(tokens) == 0 {
		return ""
	}
	return tokens[len(tokens)-1]
}
