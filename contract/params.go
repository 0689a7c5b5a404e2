package contract

import (
	"iter"

	"github.com/parley-contracts/parley/contract/internal/route"
)

// inlineParams is how many path parameters need no room of their own.
const inlineParams = 4

// Params are the path parameters of a call as matched, in the order of the path
// template. They are views of the request target: percent-encoding is kept. The
// zero value has none.
type Params struct {
	path  string
	names []string
	few   [inlineParams]span
	more  []route.Span
}

type span struct{ start, end uint32 }

// newParams makes the parameters of a match. It allocates only for more than
// inlineParams of them.
func newParams(path string, names []string, spans *route.Spans) Params {
	p := Params{path: path, names: names}
	all := spans.All()
	if len(all) > inlineParams {
		p.more = append([]route.Span(nil), all...)
		return p
	}
	for i, s := range all {
		p.few[i] = span{uint32(s.Start), uint32(s.End)}
	}
	return p
}

// Len is the number of parameters.
func (p Params) Len() int { return len(p.names) }

// at is the text of the parameter with the given number.
func (p *Params) at(i int) string {
	if p.more != nil {
		return p.path[p.more[i].Start:p.more[i].End]
	}
	return p.path[p.few[i].start:p.few[i].end]
}

// Get is the text of the parameter called name as it stood in the path,
// percent-encoding kept; ok is false when there is none.
func (p Params) Get(name string) (text string, ok bool) {
	for i := range p.names {
		if p.names[i] == name {
			return p.at(i), true
		}
	}
	return "", false
}

// All are name and text of each parameter, in the template's order.
func (p Params) All() iter.Seq2[string, string] {
	return func(yield func(name, text string) bool) {
		for i := range p.names {
			if !yield(p.names[i], p.at(i)) {
				return
			}
		}
	}
}
