package pattern

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

const (
	// maxStates bounds the states of a table; larger ones are left to regexp.
	maxStates = 1024
	// maxCells bounds states times classes.
	maxCells = 1 << 15
	// maxWork bounds the search for character classes.
	maxWork = 1 << 20
)

// The states every table has.
const (
	stateDead    = 0
	stateMatched = 1
)

// table is a deterministic automaton over classes of characters.
type table struct {
	ascii [utf8.RuneSelf]uint8
	// starts are where runs of equal class begin, ascending from 0; classes
	// are theirs.
	starts  []rune
	classes []uint8
	width   int
	// next is indexed by state times width plus class.
	next []uint16
	// final tells, by state, whether the text may end there.
	final []bool
	start uint16
	// stay tells, by state, which ASCII characters leave the state as it is:
	// runs of them, as "+" and "*" make, are stepped over without looking at
	// next.
	stay [][2]uint64
}

// match runs the automaton until it is sure.
func (t *table) match(text []byte) bool {
	state := t.start
	if state <= stateMatched {
		return state == stateMatched
	}
	for i := 0; i < len(text); {
		stay := &t.stay[state]
		for text[i] < utf8.RuneSelf && stay[text[i]>>6]>>(text[i]&63)&1 != 0 {
			if i++; i == len(text) {
				return t.final[state]
			}
		}
		var class uint8
		if c := text[i]; c < utf8.RuneSelf {
			class = t.ascii[c]
			i++
		} else {
			r, size := utf8.DecodeRune(text[i:])
			class = t.class(r)
			i += size
		}
		state = t.next[int(state)*t.width+int(class)]
		if state <= stateMatched {
			return state == stateMatched
		}
	}
	return t.final[state]
}

// class finds the class of a character by bisection.
func (t *table) class(r rune) uint8 {
	lo, hi := 0, len(t.starts)
	for hi-lo > 1 {
		mid := int(uint(lo+hi) >> 1)
		if t.starts[mid] <= r {
			lo = mid
		} else {
			hi = mid
		}
	}
	return t.classes[lo]
}

// tableBuilder makes a table of a program by subset construction.
type tableBuilder struct {
	*table
	prog    *syntax.Prog
	samples []rune // one character of each class
	states  map[string]uint16
	queue   [][]uint32
	mark    []bool
}

// newTable makes a table of the program, nil when it would grow too large or
// needs to look at word boundaries.
func newTable(prog *syntax.Prog) *table {
	b := &tableBuilder{table: &table{}, prog: prog, states: map[string]uint16{}}
	if !b.split() {
		return nil
	}
	b.next = make([]uint16, 2*b.width) // dead and matched stay as they are
	for i := range b.width {
		b.next[b.width+i] = stateMatched
	}
	b.final = []bool{false, true}
	b.queue = [][]uint32{nil, nil}

	b.start = b.state([]uint32{uint32(prog.Start)}, true)
	for done := 2; done < len(b.queue); done++ {
		if len(b.queue) > maxStates || len(b.queue)*b.width > maxCells {
			return nil
		}
		core := b.queue[done]
		for class := range b.width {
			b.next[done*b.width+class] = b.step(core, done == int(b.start), b.samples[class])
		}
	}
	b.settle()
	return b.table
}

// settle works out which characters leave a state as it is.
func (t *table) settle() {
	t.stay = make([][2]uint64, len(t.final))
	for state := range t.stay {
		for c, class := range t.ascii {
			if int(t.next[state*t.width+int(class)]) == state {
				t.stay[state][c>>6] |= 1 << (c & 63)
			}
		}
	}
}

// split divides the characters into classes that the program cannot tell
// apart.
func (b *tableBuilder) split() bool {
	bounds := []rune{0}
	var readers []*syntax.Inst
	for i := range b.prog.Inst {
		in := &b.prog.Inst[i]
		switch in.Op {
		case syntax.InstRune, syntax.InstRune1:
			readers = append(readers, in)
			if len(in.Rune) == 1 {
				bounds = append(bounds, in.Rune[0], in.Rune[0]+1)
			}
			for j := 0; j+1 < len(in.Rune); j += 2 {
				bounds = append(bounds, in.Rune[j], in.Rune[j+1]+1)
			}
		case syntax.InstRuneAnyNotNL:
			readers = append(readers, in)
			bounds = append(bounds, '\n', '\n'+1)
		case syntax.InstRuneAny:
			readers = append(readers, in)
		case syntax.InstEmptyWidth:
			if in.Arg&^uint32(syntax.EmptyBeginText|syntax.EmptyEndText) != 0 {
				return false
			}
		}
	}
	slices.Sort(bounds)
	bounds = slices.Compact(bounds)
	if len(bounds)*(len(readers)+1) > maxWork {
		return false
	}
	return b.classify(bounds, readers)
}

// classify gives each run of characters between bounds its class.
func (b *tableBuilder) classify(bounds []rune, readers []*syntax.Inst) bool {
	known := map[string]uint8{}
	signature := make([]byte, len(readers))
	for _, r := range bounds {
		if r > utf8.MaxRune {
			break
		}
		for i, in := range readers {
			signature[i] = '0'
			if in.MatchRune(r) {
				signature[i] = '1'
			}
		}
		class, ok := known[string(signature)]
		if !ok {
			if len(known) == 255 {
				return false
			}
			class = uint8(len(known))
			known[string(signature)] = class
			b.samples = append(b.samples, r)
		}
		b.starts = append(b.starts, r)
		b.classes = append(b.classes, class)
	}
	b.width = len(known)
	for c := range b.ascii {
		b.ascii[c] = b.class(rune(c))
	}
	return true
}

// step is the state after reading r in the state with the given core.
func (b *tableBuilder) step(core []uint32, begin bool, r rune) uint16 {
	pcs, _ := b.closure(core, begin, false)
	var out []uint32
	for _, pc := range pcs {
		in := &b.prog.Inst[pc]
		switch in.Op {
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			if in.MatchRune(r) {
				out = append(out, in.Out)
			}
		}
	}
	// A match may also start here.
	return b.state(append(out, uint32(b.prog.Start)), false)
}

// state is the number of the state with the given core, which is added when it
// is new.
func (b *tableBuilder) state(core []uint32, begin bool) uint16 {
	slices.Sort(core)
	core = slices.Compact(core)
	pcs, matched := b.closure(core, begin, false)
	if matched {
		return stateMatched
	}
	_, final := b.closure(core, begin, true)
	if len(pcs) == 0 && !final {
		return stateDead
	}
	key := make([]byte, 0, 4*len(core)+1)
	for _, pc := range core {
		key = binary.LittleEndian.AppendUint32(key, pc)
	}
	if begin {
		key = append(key, 1)
	}
	if n, ok := b.states[string(key)]; ok {
		return n
	}
	n := uint16(len(b.queue))
	b.states[string(key)] = n
	b.queue = append(b.queue, core)
	b.final = append(b.final, final)
	b.next = append(b.next, make([]uint16, b.width)...)
	return n
}

// closure follows what needs no character. It returns the instructions that
// read one, and whether the program may match here.
func (b *tableBuilder) closure(core []uint32, begin, end bool) (pcs []uint32, matched bool) {
	b.mark = append(b.mark[:0], make([]bool, len(b.prog.Inst))...)
	stack := slices.Clone(core)
	for len(stack) > 0 {
		pc := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if b.mark[pc] {
			continue
		}
		b.mark[pc] = true
		in := &b.prog.Inst[pc]
		switch in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			stack = append(stack, in.Out, in.Arg)
		case syntax.InstCapture, syntax.InstNop:
			stack = append(stack, in.Out)
		case syntax.InstEmptyWidth:
			need := syntax.EmptyOp(in.Arg)
			if (need&syntax.EmptyBeginText == 0 || begin) && (need&syntax.EmptyEndText == 0 || end) {
				stack = append(stack, in.Out)
			}
		case syntax.InstMatch:
			matched = true
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			pcs = append(pcs, pc)
		}
	}
	return pcs, matched
}
