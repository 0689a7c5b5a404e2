package program

import (
	"bytes"
	"strconv"

	"github.com/parley-contracts/parley/contract/internal/program/scan"
)

// sink takes the findings of a run.
type sink struct {
	left  int
	limit int
	// emit takes them one by one; without it they are kept in list.
	emit func(Finding) Next
	list []Finding
}

// step is one reference token of the path to the current value: a member name
// as it stands in the body, or an index when end is 0.
type step struct {
	start, end int
}

// fail is told of a disagreement: it answers whether to go on.
func (m *machine) fail(f *Fact, at int) bool {
	return m.collects() && m.report(f, at)
}

// collects reports whether findings are asked for. A run that is to collect
// only once there is something to collect begins to here.
func (m *machine) collects() bool {
	if m.armed {
		m.armed, m.collecting = false, true
	}
	return m.collecting
}

// report adds a finding about the current value.
func (m *machine) report(f *Fact, at int) bool {
	if m.muted && f.Kind == KindUndeclared {
		return true
	}
	return m.add(Finding{Fact: f, Pointer: m.pointer(), Offset: at})
}

// reportMember adds a finding about a member of the current object that is not
// there.
func (m *machine) reportMember(f *Fact, name string, at int) bool {
	var room [pointerRoom]byte
	pointer := append(m.appendPointer(room[:0]), '/')
	return m.add(Finding{Fact: f, Pointer: string(appendToken(pointer, []byte(name))), Offset: at, Name: name})
}

// add hands a finding on and answers whether there is room for another.
func (m *machine) add(f Finding) bool {
	if m.sink.left <= 0 {
		return false
	}
	m.sink.left--
	if m.sink.emit == nil {
		m.sink.list = append(m.sink.list, f)
		return m.sink.left > 0
	}
	switch m.sink.emit(f) {
	case Stop:
		m.sink.left = 0
	case Mute:
		m.muted = true
	}
	return m.sink.left > 0
}

// malformed ends the run: the text is no JSON at the given place.
func (m *machine) malformed(at int) bool {
	if !m.dead && m.collects() {
		m.report(factSyntax, at)
	}
	m.dead = true
	return false
}

// undecided is told that a value cannot be judged. Collecting outside any
// alternative, that is a finding like others; else it ends the run, since
// neither answer may be given.
func (m *machine) undecided(f *Fact, at int) bool {
	if m.again == 0 && m.collects() {
		return m.report(f, at)
	}
	return m.giveUp(f, at)
}

// giveUp ends the run without an answer.
func (m *machine) giveUp(f *Fact, at int) bool {
	switch {
	case m.dead:
	case m.again == 0 && m.collects():
		m.report(f, at)
	default:
		m.undecidable, m.undecidableAt = f, at
	}
	m.dead = true
	return false
}

// pointer is the JSON Pointer of the current value.
func (m *machine) pointer() string {
	if len(m.path) == 0 {
		return ""
	}
	var room [pointerRoom]byte
	return string(m.appendPointer(room[:0]))
}

// pointerRoom is the length of a pointer that needs no room of its own while
// it is put together.
const pointerRoom = 96

// appendPointer appends the JSON Pointer of the current value.
func (m *machine) appendPointer(out []byte) []byte {
	var name []byte
	for _, s := range m.path {
		out = append(out, '/')
		if s.end == 0 {
			out = strconv.AppendInt(out, int64(s.start), 10)
			continue
		}
		name = m.body[s.start:s.end]
		if bytes.IndexByte(name, '\\') >= 0 {
			name = scan.AppendUnescaped(nil, name)
		}
		out = appendToken(out, name)
	}
	return out
}

// appendToken appends a reference token, escaped by RFC 6901.
func appendToken(out, name []byte) []byte {
	for _, c := range name {
		switch c {
		case '~':
			out = append(out, '~', '0')
		case '/':
			out = append(out, '~', '1')
		default:
			out = append(out, c)
		}
	}
	return out
}

// saved is what an attempt at a value, which may end anywhere, must not
// disturb.
type saved struct {
	pos, depthLeft               int
	path, others, arena          int
	slots, words, digests, evals int
	collecting, armed, tracking  bool
}

func (m *machine) save() saved {
	return saved{
		pos: m.pos, depthLeft: m.depthLeft, path: len(m.path), others: len(m.others), arena: len(m.arena),
		slots: len(m.slots), words: len(m.words), digests: len(m.digests), evals: len(m.evaluations),
		collecting: m.collecting, armed: m.armed, tracking: m.tracking,
	}
}

func (m *machine) restore(s *saved) {
	m.pos, m.depthLeft = s.pos, s.depthLeft
	m.collecting, m.armed, m.tracking = s.collecting, s.armed, s.tracking
	m.path, m.others, m.arena = m.path[:s.path], m.others[:s.others], m.arena[:s.arena]
	m.slots, m.words, m.digests = m.slots[:s.slots], m.words[:s.words], m.digests[:s.digests]
	m.evaluations = m.evaluations[:s.evals]
}

// matches tries the value at the given place, already read once, against a
// node. Nothing is reported.
func (m *machine) matches(n *node, at int) bool {
	s := m.save()
	m.pos, m.collecting, m.armed, m.tracking = at, false, false, false
	m.again++
	m.quiet++
	ok := m.value(n)
	m.again--
	m.quiet--
	m.restore(&s)
	return ok && !m.dead
}

// reread checks the value at the given place, already read once, against
// another node that it must satisfy too. Undeclared properties are left out.
func (m *machine) reread(n *node, at int) bool {
	end := m.pos
	m.pos = at
	m.again++
	m.quiet++
	ok := m.value(n)
	m.again--
	m.quiet--
	m.pos = end
	return ok
}

// note looks for undeclared properties in a value that matches.
func (m *machine) note(n *node, at int) bool {
	end := m.pos
	m.pos = at
	m.again++
	ok := m.value(n)
	m.again--
	m.pos = end
	return ok
}

// why collects the findings of a value against a node that it does not match.
func (m *machine) why(n *node, at int) (findings []Finding, more bool) {
	s := m.save()
	m.pos, m.collecting, m.armed, m.tracking = at, true, false, true
	outer := m.sink
	m.sink = sink{left: outer.limit, limit: outer.limit}
	m.again++
	m.quiet++
	m.value(n)
	m.again--
	m.quiet--
	findings, more = m.sink.list, m.sink.left <= 0
	m.sink = outer
	m.restore(&s)
	return findings, more
}
