package contract

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/parley-contracts/parley/contract/internal/jsonscan"
	"github.com/parley-contracts/parley/contract/internal/program"
)

// maxKept bounds the findings of one severity that are held while a message is
// checked, before they are sorted and capped.
const maxKept = 1000

// check is the state of the check of one message.
type check struct {
	contract  *Contract
	op        *operation
	direction Direction
	account   Account
	findings  []Finding
	errors    int
	dropped   bool
	values    values
	// refused says that the body was found at fault already, with nothing else
	// being so.
	refused bool
	// known are the findings of its program, if it has one.
	known bodyFindings
}

// bodyFindings are what a program found in a body; complete is false where
// there may be more.
type bodyFindings struct {
	list     []program.Finding
	complete bool
}

func (c *Contract) newCheck(op *operation, direction Direction) *check {
	return &check{contract: c, op: op, direction: direction, account: AccountValidated}
}

// blame says whose message it is.
func (k *check) blame() Blame {
	switch k.direction {
	case DirectionRequest:
		return BlameOurRequest
	case DirectionResponse:
		return BlameVendorResponse
	case DirectionCallback:
		return BlameVendorCallback
	default:
		return BlameOurResponse
	}
}

// incoming says that the message is a request, of ours or of the vendor.
func (k *check) incoming() bool {
	return k.direction == DirectionRequest || k.direction == DirectionCallback
}

// add records a finding with the rule's own severity.
func (k *check) add(rule Rule, at Location, b basis, message string) {
	info := k.contract.rules[rule]
	k.addAs(info.Severity, rule, at, b, message)
}

// addAs records a finding whose severity is not the rule's own.
func (k *check) addAs(severity Severity, rule Rule, at Location, b basis, message string) {
	if severity == SeverityOff {
		return
	}
	f := Finding{
		Rule: rule, Severity: severity, Blame: k.blame(), Direction: k.direction,
		Location: at, Message: message, Position: b.place,
	}
	if k.op != nil {
		f.Operation = k.op.public.ID
	}
	if f.Position.Document == "" {
		f.Position.Document = k.contract.document
	}
	if k.contract.rules[rule].Graded {
		f.Grade, f.Register = b.grade, b.register
		if b.grade == GradeInferred {
			f.Severity, f.Blame = SeverityWarning, BlameContract
		}
	}
	if rule == RuleCheckFailed {
		f.Blame = BlameContract
	}
	k.keep(f)
}

func (k *check) keep(f Finding) {
	isError := f.Severity == SeverityError
	if isError && k.errors >= maxKept || !isError && len(k.findings)-k.errors >= maxKept {
		k.dropped = true
		return
	}
	if isError {
		k.errors++
	}
	k.findings = append(k.findings, f)
}

// result sorts and caps the findings. Where there are too many, errors go
// before warnings, so that a cap never hides what has to be refused.
func (k *check) result(params Params) Result {
	r := Result{Params: params, Account: k.account, Capped: k.dropped}
	if k.op != nil {
		r.Operation = k.op.public
	}
	if len(k.findings) == 0 {
		return r
	}
	limit := k.contract.config.MaxFindings
	if len(k.findings) > limit {
		r.Capped = true
		slices.SortStableFunc(k.findings, func(a, b Finding) int {
			if a.Severity != b.Severity && (a.Severity == SeverityError || b.Severity == SeverityError) {
				if a.Severity == SeverityError {
					return -1
				}
				return 1
			}
			return compareFindings(a, b)
		})
		k.findings = slices.Clone(k.findings[:limit])
	}
	slices.SortStableFunc(k.findings, compareFindings)
	r.Findings = slices.CompactFunc(k.findings, func(a, b Finding) bool {
		return a.Rule == b.Rule && a.Location == b.Location && a.Message == b.Message
	})
	return r
}

// compareFindings orders by the place in the message, then by rule.
func compareFindings(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(partRank(a.Location.In), partRank(b.Location.In)),
		cmp.Compare(a.Location.Name, b.Location.Name),
		comparePointers(a.Location.Pointer, b.Location.Pointer),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Message, b.Message),
	)
}

func partRank(p Part) int {
	return slices.Index([]Part{PartMethod, PartStatus, PartPath, PartQuery, PartHeader, PartCookie, PartBody}, p)
}

// comparePointers orders token by token, array indexes as numbers.
func comparePointers(a, b string) int {
	for a != "" && b != "" {
		var x, y string
		x, a = nextToken(a)
		y, b = nextToken(b)
		i, errX := strconv.Atoi(x)
		j, errY := strconv.Atoi(y)
		order := cmp.Compare(x, y)
		if errX == nil && errY == nil {
			order = cmp.Or(cmp.Compare(i, j), order)
		}
		if order != 0 {
			return order
		}
	}
	return cmp.Compare(len(a), len(b))
}

func nextToken(pointer string) (token, rest string) {
	pointer = strings.TrimPrefix(pointer, "/")
	if i := strings.IndexByte(pointer, '/'); i >= 0 {
		return pointer[:i], pointer[i:]
	}
	return pointer, ""
}

// shortPointer makes a pointer that a program made fit for a location: it holds
// names of the message, of any length.
func shortPointer(pointer string) string {
	run := 0
	for i := range len(pointer) {
		if run++; pointer[i] == '/' {
			run = 0
		}
		if run > jsonscan.MaxToken || pointer[i] >= utf8.RuneSelf {
			return joinPointer(splitPointer(pointer))
		}
	}
	return pointer
}

// short makes a name of the message fit for a message or a location: names may
// be shown, but not at any length.
func short(name string) string {
	if len(name) <= jsonscan.MaxToken && utf8.ValidString(name) {
		return name
	}
	count := 0
	for i := range name {
		if count == jsonscan.MaxToken {
			return strings.ToValidUTF8(name[:i], "\uFFFD") + "…"
		}
		count++
	}
	return strings.ToValidUTF8(name, "\uFFFD")
}
