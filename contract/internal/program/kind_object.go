package program

import (
	"github.com/parley-contracts/parley/contract/internal/program/pattern"
	"github.com/parley-contracts/parley/contract/internal/program/scan"
)

// objectRules are what an object must satisfy.
type objectRules struct {
	simpleRules
	// names finds the fields, every name that the schemas speak of.
	names  names
	fields []field
	// folded finds a declared field by its name without regard to case;
	// foldedField holds the fields' indexes, declaredTwin the fact about other
	// spellings of them.
	folded       names
	foldedField  []int
	declaredTwin *Fact
	// words is how many words beyond the first the set of seen fields takes.
	words int

	// rest is the node of members without a field, and restForbids the facts
	// that rule them out, when no patterns are involved.
	rest        *node
	restForbids []*Fact
	// patterned decides on members without a field otherwise.
	patterned  []*patternedRule
	memberName []*node
	// undeclared is the fact about members that no schema names.
	undeclared *Fact
	// declaring are the patterns that declare names.
	declaring []*pattern.Pattern

	// required are, by direction, the fields that must be there.
	required [2]requirement

	minProperties, maxProperties int
	minLimits, maxLimits         []limit
	dependents                   []dependent
	lean                         []leanGroup
	dispatch                     *dispatch
	unevaluated                  []*unevaluatedProperties
	// finish is set when the end of the object needs more than the required
	// fields.
	finish bool
}

// field is a name that the schemas speak of.
type field struct {
	name string
	// node is what they say of the member.
	node *node
	// forbids are the facts that rule the member out.
	forbids []*Fact
	// access is, by direction, the fact that the member must not be sent.
	access [2]*Fact
	// undeclared is set when the schemas speak of the name without declaring
	// it.
	undeclared *Fact
	// trials are what alternatives say of the member.
	trials []trial
}

// objectFrame is what is known of an object while it is read.
type objectFrame struct {
	start int
	count int
	// seen holds the fields seen, wide those beyond the 64th.
	seen uint64
	wide []uint64
	// failed holds the alternatives that a member ruled out.
	failed uint64
	// others, arena, slots and words are where the object's share of the
	// machine's buffers starts.
	others, arena, slots, words int
	// table is where the set of unknown names starts among the slots.
	table, tableSize int
}

func (f *objectFrame) has(i int) bool {
	if i < 64 {
		return f.seen&(1<<i) != 0
	}
	return f.wide[i>>6-1]&(1<<(i&63)) != 0
}

// objectValue reads an object.
func (m *machine) objectValue(n *node) bool {
	start := m.pos
	r := n.object
	if n.types&tObject == 0 {
		if !m.wrongType(n, tObject, start) {
			return false
		}
		r = nil
	}
	if r == nil {
		r = freeObject
	}
	if r.dispatch != nil {
		return m.dispatched(r.dispatch)
	}
	if m.depthLeft == 0 {
		return m.tooDeep(start)
	}
	m.depthLeft--
	f := objectFrame{start: start, others: len(m.others), arena: len(m.arena), slots: len(m.slots), words: len(m.words)}
	if r.words > 0 {
		m.words = grow(m.words, r.words)
		f.wide = m.words[f.words:]
	}
	if !m.members(r, &f) {
		return false
	}
	m.depthLeft++
	if f.seen&r.required[m.direction].mask != r.required[m.direction].mask || r.finish {
		if !m.objectEnd(r, &f) {
			return false
		}
	}
	m.others, m.arena, m.slots, m.words = m.others[:f.others], m.arena[:f.arena], m.slots[:f.slots], m.words[:f.words]
	return true
}

// members reads the members and the closing brace.
func (m *machine) members(r *objectRules, f *objectFrame) bool {
	b := m.body
	i := scan.Space(b, m.pos+1)
	if i < len(b) && b[i] == '}' {
		m.pos = i + 1
		return true
	}
	for {
		if i >= len(b) || b[i] != '"' {
			return m.malformed(i)
		}
		nameAt := i
		end, _, flags := scan.String(b, i+1)
		if end < 0 {
			return m.malformed(^end)
		}
		i = end + 1
		if i >= len(b) || b[i] != ':' {
			if i = scan.Space(b, i); i >= len(b) || b[i] != ':' {
				return m.malformed(i)
			}
		}
		m.pos = i + 1
		f.count++
		if !m.member(r, f, nameAt, end, flags) {
			return false
		}
		i = m.pos
		if i < len(b) && b[i] <= ' ' {
			i = scan.Space(b, i)
		}
		if i >= len(b) {
			return m.malformed(i)
		}
		if b[i] == '}' {
			m.pos = i + 1
			return true
		}
		if b[i] != ',' {
			return m.malformed(i)
		}
		i++
		if i < len(b) && b[i] <= ' ' {
			i = scan.Space(b, i)
		}
	}
}

// member checks one member, whose name stands between nameAt and end, and
// reads its value.
func (m *machine) member(r *objectRules, f *objectFrame, nameAt, end int, flags scan.Flags) bool {
	name := m.body[nameAt+1 : end]
	if m.tracking {
		m.path = append(m.path, step{nameAt + 1, end})
	}
	arena := len(m.arena)
	if flags != 0 {
		if flags&(scan.InvalidUTF8|scan.LoneSurrogate) != 0 && m.again == 0 && !m.fail(factUTF8, nameAt) {
			return false
		}
		if flags&scan.Escaped != 0 {
			m.arena = scan.AppendUnescaped(m.arena, name)
			name = m.arena[arena:]
		}
	}
	if r.memberName != nil && !m.memberNames(r, nameAt) {
		return false
	}
	var ok bool
	if k := r.names.find(name); k >= 0 {
		m.arena = m.arena[:arena]
		ok = m.known(r, f, k)
	} else {
		ok = m.unknown(r, f, name, nameAt, flags&scan.Escaped != 0)
	}
	if !ok {
		return false
	}
	if m.tracking {
		m.path = m.path[:len(m.path)-1]
	}
	return true
}

// known checks a member that has a field.
func (m *machine) known(r *objectRules, f *objectFrame, k int) bool {
	word, bit := &f.seen, uint64(1)<<(k&63)
	if k >= 64 {
		word = &f.wide[k>>6-1]
	}
	if *word&bit != 0 && m.again == 0 && !m.fail(factDuplicate, m.pos) {
		return false
	}
	*word |= bit
	field := &r.fields[k]
	if a := field.access[m.direction]; a != nil && !m.fail(a, m.pos) {
		return false
	}
	if field.forbids != nil && !m.forbidden(field.forbids, nil, nil) {
		return false
	}
	if field.undeclared != nil && m.quiet == 0 && !m.fail(field.undeclared, m.pos) {
		return false
	}
	at := m.pos
	if !m.value(field.node) {
		return false
	}
	for _, t := range field.trials {
		if f.failed&t.bit == 0 && !m.matches(t.node, at) {
			if m.dead {
				return false
			}
			f.failed |= t.bit
		}
	}
	return true
}

// objectEnd checks what is known only behind the last member.
func (m *machine) objectEnd(r *objectRules, f *objectFrame) bool {
	if !m.requiredFields(&r.required[m.direction], r, f) {
		return false
	}
	if f.count < r.minProperties || f.count > r.maxProperties {
		if !m.below(r.minLimits, f.count, f.start) || !m.above(r.maxLimits, f.count, f.start) {
			return false
		}
	}
	for i := range r.dependents {
		if d := &r.dependents[i]; f.has(d.trigger) && !m.dependent(d, r, f) {
			return false
		}
	}
	if r.enums != nil && !m.enumTrees(r.enums, f.start) {
		return false
	}
	for i := range r.lean {
		if !m.leanGroup(&r.lean[i], f) {
			return false
		}
	}
	if r.groups != nil && !m.composed(r.groups, f.start) {
		return false
	}
	for _, u := range r.unevaluated {
		if !m.unevaluatedProperties(u, f.start) {
			return false
		}
	}
	return true
}
