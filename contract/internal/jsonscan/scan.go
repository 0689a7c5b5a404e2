package jsonscan

import (
	"strconv"
	"unicode/utf8"
)

// Scan reads text, which may nest at most maxDepth deep, and reports at most
// maxFaults faults. It is safe for hostile text: time and memory are linear in
// its length.
func Scan(text []byte, maxDepth, maxFaults int) Report {
	s := scanner{text: text, maxDepth: maxDepth, maxFaults: maxFaults}
	s.space()
	if s.at == len(text) {
		s.fault(Empty, s.at, "", "")
		return s.report
	}
	if !s.value() {
		return s.report
	}
	s.report.Decodable, s.report.End = true, s.at
	s.space()
	if s.at < len(text) {
		s.fault(TrailingBytes, s.at, "", "")
	}
	return s.report
}

// frame is one object or array that is open.
type frame struct {
	object bool
	index  int
	name   string
	names  names
}

type scanner struct {
	text      []byte
	at        int
	maxDepth  int
	maxFaults int
	stack     []frame
	report    Report
}

func (s *scanner) fault(kind Kind, offset int, name, twin string) {
	if len(s.report.Faults) >= s.maxFaults {
		s.report.Capped = true
		return
	}
	s.report.Faults = append(s.report.Faults, Fault{Kind: kind, Offset: offset, Pointer: s.pointer(), Name: name, Twin: twin})
}

// stop records a fault that ends the scan, even beyond the limit: what could
// not be read must never look clean.
func (s *scanner) stop(kind Kind) bool {
	if len(s.report.Faults) >= s.maxFaults && s.maxFaults > 0 {
		s.report.Capped = true
		s.report.Faults = s.report.Faults[:s.maxFaults-1]
	}
	s.report.Faults = append(s.report.Faults, Fault{Kind: kind, Offset: s.at, Pointer: s.pointer()})
	return false
}

// pointerTokens is the most names that a fault's pointer shows.
const pointerTokens = 128

func (s *scanner) pointer() string {
	var p []byte
	for i := range s.stack {
		if i == pointerTokens {
			break
		}
		f := &s.stack[i]
		switch {
		case !f.object:
			p = strconv.AppendInt(append(p, '/'), int64(f.index), 10)
		case f.name != "" || f.names.open:
			p = AppendToken(append(p, '/'), f.name)
		}
	}
	return string(p)
}

func (s *scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// value reads one value. It keeps its own stack, so that depth costs memory in
// proportion to the text and not goroutine stack.
func (s *scanner) value() bool {
	for {
		descended, ok := s.begin()
		if !ok {
			return false
		}
		if descended {
			continue
		}
		done, ok := s.after()
		if !ok || done {
			return ok
		}
	}
}

// begin reads a scalar or opens an object or array; descended says that the
// next thing is a value inside it.
func (s *scanner) begin() (descended, ok bool) {
	s.space()
	if s.at == len(s.text) {
		return false, s.stop(Syntax)
	}
	switch c := s.text[s.at]; {
	case c == '{' || c == '[':
		return s.open(c == '{')
	case c == '"':
		_, ok := s.str(false)
		return false, ok
	case c == '-' || c >= '0' && c <= '9':
		return false, s.number()
	case c == 't':
		return false, s.word("true")
	case c == 'f':
		return false, s.word("false")
	case c == 'n':
		return false, s.word("null")
	default:
		return false, s.stop(Syntax)
	}
}

func (s *scanner) open(object bool) (descended, ok bool) {
	if len(s.stack) >= s.maxDepth {
		return false, s.stop(Depth)
	}
	s.at++
	s.space()
	if s.at < len(s.text) && (object && s.text[s.at] == '}' || !object && s.text[s.at] == ']') {
		s.at++
		return false, true
	}
	s.stack = append(s.stack, frame{object: object})
	if object {
		return true, s.member()
	}
	return true, true
}

// member reads a member's name and the colon after it.
func (s *scanner) member() bool {
	s.space()
	if s.at == len(s.text) || s.text[s.at] != '"' {
		return s.stop(Syntax)
	}
	start := s.at
	name, ok := s.str(true)
	if !ok {
		return false
	}
	f := &s.stack[len(s.stack)-1]
	f.name, f.names.open = name, true
	switch twin, same, found := f.names.add(name); {
	case found && same:
		s.fault(DuplicateName, start, name, "")
	case found:
		s.fault(CaseTwin, start, name, twin)
	}
	s.space()
	if s.at == len(s.text) || s.text[s.at] != ':' {
		return s.stop(Syntax)
	}
	s.at++
	return true
}

// after reads what follows a value: a comma and the way to the next value, or
// the ends of what is open. done says that the outermost value is complete.
func (s *scanner) after() (done, ok bool) {
	for len(s.stack) > 0 {
		s.space()
		if s.at == len(s.text) {
			return false, s.stop(Syntax)
		}
		f := &s.stack[len(s.stack)-1]
		switch c := s.text[s.at]; {
		case c == ',':
			s.at++
			f.index++
			if f.object {
				return false, s.member()
			}
			return false, true
		case c == '}' && f.object || c == ']' && !f.object:
			s.at++
			s.stack = s.stack[:len(s.stack)-1]
		default:
			return false, s.stop(Syntax)
		}
	}
	return true, true
}

func (s *scanner) word(word string) bool {
	if len(s.text)-s.at < len(word) || string(s.text[s.at:s.at+len(word)]) != word {
		return s.stop(Syntax)
	}
	s.at += len(word)
	return true
}

func (s *scanner) digits() bool {
	start := s.at
	for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
		s.at++
	}
	return s.at > start
}

func (s *scanner) number() bool {
	if s.text[s.at] == '-' {
		s.at++
	}
	if s.at < len(s.text) && s.text[s.at] == '0' {
		s.at++
	} else if !s.digits() {
		return s.stop(Syntax)
	}
	if s.at < len(s.text) && s.text[s.at] == '.' {
		s.at++
		if !s.digits() {
			return s.stop(Syntax)
		}
	}
	if s.at < len(s.text) && (s.text[s.at] == 'e' || s.text[s.at] == 'E') {
		s.at++
		if s.at < len(s.text) && (s.text[s.at] == '+' || s.text[s.at] == '-') {
			s.at++
		}
		if !s.digits() {
			return s.stop(Syntax)
		}
	}
	return true
}

// str reads a string and returns it decoded when keep is set.
func (s *scanner) str(keep bool) (string, bool) {
	start := s.at
	s.at++
	plain, bad := true, false
	for s.at < len(s.text) {
		c := s.text[s.at]
		switch {
		case c == '"':
			s.at++
			if bad {
				s.fault(UTF8, start, "", "")
			}
			if !keep {
				return "", true
			}
			if plain {
				return string(s.text[start+1 : s.at-1]), true
			}
			return decode(s.text[start+1 : s.at-1]), true
		case c < 0x20:
			return "", s.stop(Syntax)
		case c == '\\':
			plain = false
			fine, ok := s.escape()
			if !ok {
				return "", s.stop(Syntax)
			}
			bad = bad || !fine
		case c < utf8.RuneSelf:
			s.at++
		default:
			r, size := utf8.DecodeRune(s.text[s.at:])
			if r == utf8.RuneError && size == 1 {
				bad, plain = true, false
			}
			s.at += size
		}
	}
	return "", s.stop(Syntax)
}
