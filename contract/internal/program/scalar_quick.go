package program

import "github.com/parley-contracts/parley/contract/internal/program/scan"

// quick answers for a plain text without making JSON of it first, as most
// parameters allow. Where known is false the program has to be run.
func (s *Scalar) quick(text []byte) (ok, known bool) {
	if s.layout != LayoutPlain {
		return false, false
	}
	n := s.program.root
	switch n.types & (tNumber | tBoolean | tString) {
	case tString:
		return n.text.quick(text)
	case tInteger, tNumber:
		end, value, kind := scan.Number(text, 0)
		if end != len(text) || kind != scan.Small {
			return false, false
		}
		if r := n.number; r != nil && (!r.quick || value < r.low || value > r.high) {
			return false, false
		}
		return true, true
	default:
		return false, false
	}
}

// quick answers for a string that is ASCII. Nothing it looks at has a budget
// or needs the machine.
func (r *textRules) quick(text []byte) (ok, known bool) {
	for _, c := range text {
		if c >= 0x80 {
			return false, false
		}
	}
	if r == nil {
		return true, true
	}
	if r.groups != nil || len(text) < r.minLength || len(text) > r.maxLength {
		return false, false
	}
	for _, e := range r.enums {
		if e.strings.find(text) < 0 {
			return false, true
		}
	}
	for i := range r.patterns {
		p := r.patterns[i].match
		if !p.Linear() {
			return false, false
		}
		if matches, err := p.Match(text); !matches || err != nil {
			return false, false
		}
	}
	for _, f := range r.formats {
		if !f.check(text) {
			return false, true
		}
	}
	return true, true
}
