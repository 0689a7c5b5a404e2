package contract

import (
	"sync"

	"github.com/parley-contracts/parley/contract/internal/program"
)

// verdict is what all findings about one fact at one place of a site have in
// common.
type verdict struct {
	rule     Rule
	severity Severity
	// inferred says that the contract is to blame.
	inferred bool
	basis    basis
	// message is empty where it depends on the finding.
	message string
}

// maxVerdicts bounds what a site remembers: places hold names of messages.
const maxVerdicts = 1024

// verdicts are those of a site that were needed so far. They depend on the
// document alone, so that remembering them changes no answer.
type verdicts struct {
	mu    sync.RWMutex
	known map[verdictKey]*verdict
}

type verdictKey struct {
	fact *program.Fact
	item string
	// place is the pointer of the value that the fact is about, indexes as "*".
	place string
}

// find is the verdict on a fact, made by judge when it is not known. item is
// the name that the fact is about where that is not settled by the fact.
func (v *verdicts) find(fact *program.Fact, item, value string, starred bool, judge func() *verdict) *verdict {
	if v == nil {
		return judge()
	}
	var room [128]byte
	place := appendPlace(room[:0], value, starred)
	v.mu.RLock()
	known := v.known[verdictKey{fact: fact, item: item, place: string(place)}]
	v.mu.RUnlock()
	if known != nil {
		return known
	}
	known = judge()
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.known == nil {
		v.known = make(map[verdictKey]*verdict)
	}
	if len(v.known) < maxVerdicts {
		v.known[verdictKey{fact: fact, item: item, place: string(place)}] = known
	}
	return known
}

// appendPlace appends a pointer, its array indexes as "*" when starred.
func appendPlace(out []byte, pointer string, starred bool) []byte {
	if !starred {
		return append(out, pointer...)
	}
	for pointer != "" {
		var token string
		token, pointer = nextToken(pointer)
		out = append(out, '/')
		if isIndex(token) {
			out = append(out, '*')
			continue
		}
		out = append(out, token...)
	}
	return out
}

// isIndex reports whether a token could be the index of an item.
func isIndex(token string) bool {
	for i := range len(token) {
		if token[i]-'0' > 9 {
			return false
		}
	}
	return token != ""
}

// judge makes the verdict on a finding; value points to the value that the
// broken fact is about.
func (k *check) judge(s *site, f *program.Finding, rule Rule, value string) *verdict {
	info := k.contract.rules[rule]
	v := &verdict{rule: rule, severity: info.Severity, message: factMessage(f.Fact)}
	switch {
	case f.Schema == nil:
		v.basis = s.scope.basis("")
	case f.Kind == program.KindCaseTwin:
		v.basis = s.scope.basis("")
		v.basis.place = propertyPlace(f.Schema, f.Suggestion)
	default:
		fault := fault{schema: f.Schema, keyword: f.Keyword, item: f.Name, value: value}
		if f.Kind == program.KindUndeclared {
			fault.keyword = "additionalProperties"
		}
		v.basis = s.basis(&fault)
	}
	if f.Kind == program.KindUndeclared {
		v.severity = k.contract.config.Undeclared
	}
	if v.basis.place.Document == "" {
		v.basis.place.Document = k.contract.document
	}
	if !info.Graded {
		v.basis.grade, v.basis.register = "", nil
	}
	if v.basis.grade == GradeInferred {
		v.severity, v.inferred = SeverityWarning, true
	}
	return v
}

// give records a finding whose verdict is known.
func (k *check) give(at Location, pointer string, v *verdict, message string) {
	at.Pointer = pointer
	f := Finding{
		Rule: v.rule, Severity: v.severity, Blame: k.blame(), Direction: k.direction,
		Location: at, Message: message, Position: v.basis.place, Grade: v.basis.grade, Register: v.basis.register,
	}
	if v.inferred {
		f.Blame = BlameContract
	}
	if k.op != nil {
		f.Operation = k.op.public.ID
	}
	k.keep(f)
}
