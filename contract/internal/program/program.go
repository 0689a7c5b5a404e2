package program

import (
	"hash/maphash"
	"math"
	"sync"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// Direction says which way a message travels; readOnly and writeOnly depend on
// it.
type Direction uint8

// The directions.
const (
	// Request is a message from client to server.
	Request Direction = iota
	// Response is a message from server to client.
	Response
)

// Options are the limits of the programs that a Compiler makes. The zero value
// is ready to use.
type Options struct {
	// Dialect is the meaning of the schemas; OpenAPI 3.0 when zero.
	Dialect Dialect
	// MaxDepth is the deepest nesting of arrays and objects that is followed.
	// Default 100.
	MaxDepth int
	// MaxSteps bounds the values looked at in one message, those that
	// composition makes the program look at again counted each time. Default
	// one million, and four for each byte of the message.
	MaxSteps int
	// MatchTimeout bounds one match of a pattern that needs backtracking, give
	// or take 100 ms, and all such matches of one message to ten times as
	// much. Default 50 ms.
	MatchTimeout time.Duration
	// Undeclared makes a property a finding that no schema declares, by name,
	// by pattern or by a schema for additional ones, where others are allowed.
	// Objects of which nothing is declared at all are left alone.
	Undeclared bool
	// Literal returns the text of a number as the document has it, "" when it
	// is not known. Without it a bound is the shortest decimal that reads as
	// the float64 in the schema, and whole numbers beyond 2^53 of more than 15
	// digits are refused, save the ends of the 64-bit integers. It is asked
	// for bounds, divisors and const, not for the values of an enum.
	Literal func(schema *openapi3.Schema, keyword string) string
}

func (o Options) withDefaults() Options {
	if o.MaxDepth == 0 {
		o.MaxDepth = 100
	}
	if o.MaxSteps == 0 {
		o.MaxSteps = 1_000_000
	}
	if o.MatchTimeout == 0 {
		o.MatchTimeout = 50 * time.Millisecond
	}
	return o
}

// slowMatches is how many matches' worth of time a message has for patterns
// that backtrack.
const slowMatches = 10

// stepsPerByte is the part of the budget that grows with the message.
const stepsPerByte = 4

// Program is a compiled schema. It is immutable and safe for concurrent use.
type Program struct {
	root     *node
	maxDepth int
	maxSteps int
	maxSlow  time.Duration
}

// Accept reports whether body is one JSON value that breaks no fact: whether
// Collect would find nothing. It reads body once, builds nothing and, once
// warm, allocates nothing, save for patterns that need backtracking.
func (p *Program) Accept(body []byte, direction Direction) bool {
	m := take(p, body, direction)
	ok := m.document(p.root)
	m.give()
	return ok
}

// Collect runs the same program, recovering after each finding, and passes
// them to emit in the order of the text. It stops at the given number of
// findings and answers complete false then: there may be more. It must be
// above zero. emit must not call back into the program's machine; the findings
// may be kept.
func (p *Program) Collect(body []byte, direction Direction, limit int, emit func(Finding)) (complete bool) {
	return p.collect(body, direction, sink{left: limit, limit: limit, emit: func(f Finding) Next {
		emit(f)
		return All
	}})
}

// Check is Accept and Collect in one: it reads body once, allocates as little as
// Accept when it finds nothing, and collects from the first disagreement on, up
// to limit findings. complete is as in Collect.
func (p *Program) Check(body []byte, direction Direction, limit int) (findings []Finding, complete bool) {
	m := take(p, body, direction)
	m.armed, m.tracking = true, true
	m.sink = sink{left: limit, limit: limit}
	m.document(p.root)
	if m.undecidable != nil && m.sink.left > 0 {
		m.add(Finding{Fact: m.undecidable, Offset: m.undecidableAt})
	}
	findings, complete = m.sink.list, m.sink.left > 0
	m.give()
	return findings, complete
}

// Next says what to look for after a finding.
type Next uint8

// What to look for.
const (
	// All is everything, as before.
	All Next = iota
	// Mute is everything but undeclared properties.
	Mute
	// Stop is nothing: the run ends.
	Stop
)

// Walk is Collect for as long as emit wants more. branchLimit bounds the
// findings of each branch of an anyOf or oneOf.
func (p *Program) Walk(body []byte, direction Direction, branchLimit int, emit func(Finding) Next) {
	p.collect(body, direction, sink{left: math.MaxInt, limit: branchLimit, emit: emit})
}

func (p *Program) collect(body []byte, direction Direction, to sink) (complete bool) {
	m := take(p, body, direction)
	m.collecting, m.tracking = true, true
	m.sink = to
	m.document(p.root)
	if m.undecidable != nil && m.sink.left > 0 {
		m.add(Finding{Fact: m.undecidable, Offset: m.undecidableAt})
	}
	complete = m.sink.left > 0
	m.give()
	return complete
}

// Findings is Collect into a slice.
func (p *Program) Findings(body []byte, direction Direction, limit int) (findings []Finding, complete bool) {
	complete = p.Collect(body, direction, limit, func(f Finding) { findings = append(findings, f) })
	return findings, complete
}

// machines keeps idle machines. Their buffers are bounded by give.
var machines = sync.Pool{}

// hashSeed differs from process to process, so that nobody can choose member
// names that collide.
var hashSeed = maphash.MakeSeed()

// take readies a machine for one message.
func take(p *Program, body []byte, direction Direction) *machine {
	m, ok := machines.Get().(*machine)
	if !ok {
		m = &machine{}
	}
	m.body = body
	m.pos = 0
	m.direction = direction
	m.depthLeft = p.maxDepth
	m.steps = p.maxSteps + stepsPerByte*len(body)
	m.slow = p.maxSlow
	return m
}

// maxKept is the largest buffer, in elements, that an idle machine keeps.
const maxKept = 1 << 14

// give returns a machine, letting go of the message.
func (m *machine) give() {
	m.body = nil
	m.sink = sink{}
	m.collecting, m.armed, m.tracking, m.dead, m.muted = false, false, false, false, false
	m.undecidable = nil
	m.again, m.quiet = 0, 0
	m.path = trim(m.path)
	m.others = trim(m.others)
	m.arena = trim(m.arena)
	m.text = trim(m.text)
	m.slots = trim(m.slots)
	m.words = trim(m.words)
	m.digests = trim(m.digests)
	m.evaluations = trim(m.evaluations)
	machines.Put(m)
}

// trim empties a buffer, and drops one that has grown too large.
func trim[T any](s []T) []T {
	if cap(s) > maxKept {
		return nil
	}
	return s[:0]
}
