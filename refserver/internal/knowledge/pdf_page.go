package knowledge

import (
	"math"
	"strings"
	"unicode"

	"github.com/ledongthuc/pdf"
)

// matrix maps a point: x' = a*x + c*y + e, y' = b*x + d*y + f.
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

// after is the matrix that applies m first and n then.
func (m matrix) after(n matrix) matrix {
	return matrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d,
		m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d,
		m.e*n.a + m.f*n.c + n.e, m.e*n.b + m.f*n.d + n.f,
	}
}

// state is what q and Q keep.
type state struct {
	ctm     matrix
	font    *pdfFont
	size    float64
	leading float64
	scale   float64 // horizontal
	charGap float64
	wordGap float64
}

// pdfPage follows the operators of a page and gathers its lines.
type pdfPage struct {
	walk *pdfWalk
	state
	saved    []state
	tm, line matrix

	text     strings.Builder
	started  bool
	endX     float64 // where the last letter ended
	y        float64
	letters  float64 // their size on the page
	above    float64 // the y of the line above
	hasAbove bool
}

func newPDFPage(w *pdfWalk) *pdfPage {
	return &pdfPage{walk: w, state: state{ctm: identity, scale: 1, size: 1}, tm: identity, line: identity}
}

// draw follows the operators of one stream.
func (p *pdfPage) draw(contents, resources pdf.Value, depth int) {
	pdf.Interpret(contents, func(stack *pdf.Stack, op string) {
		p.walk.operator()
		args := make([]pdf.Value, stack.Len())
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stack.Pop()
		}
		if op == "Do" && len(args) == 1 {
			p.form(resources.Key("XObject").Key(args[0].Name()), resources, depth)
			return
		}
		if op == "Tf" && len(args) == 2 {
			p.font = p.walk.font(resources.Key("Font").Key(args[0].Name()))
			p.size = args[1].Float64()
			return
		}
		p.operator(op, args)
	})
}

// form draws a part of the page that is kept apart.
func (p *pdfPage) form(form, resources pdf.Value, depth int) {
	if form.Key("Subtype").Name() != "Form" || depth >= maxFormDepth {
		return
	}
	if own := form.Key("Resources"); !own.IsNull() {
		resources = own
	}
	before, saved := p.state, p.saved
	if m := form.Key("Matrix"); m.Len() == 6 {
		p.ctm = matrixOf(values(m)).after(p.ctm)
	}
	p.draw(form, resources, depth+1)
	p.state, p.saved = before, saved
}

func values(array pdf.Value) []pdf.Value {
	out := make([]pdf.Value, array.Len())
	for i := range out {
		out[i] = array.Index(i)
	}
	return out
}

func matrixOf(v []pdf.Value) matrix {
	return matrix{v[0].Float64(), v[1].Float64(), v[2].Float64(), v[3].Float64(), v[4].Float64(), v[5].Float64()}
}

// operator does one operator; those that move or show no text do nothing.
func (p *pdfPage) operator(op string, args []pdf.Value) {
	switch {
	case len(args) == 0:
		p.bare(op)
	case op == "cm" && len(args) == 6:
		p.ctm = matrixOf(args).after(p.ctm)
	case op == "Tm" && len(args) == 6:
		p.line = matrixOf(args)
		p.tm = p.line
	case op == "Td" && len(args) == 2:
		p.move(args[0].Float64(), args[1].Float64())
	case op == "TD" && len(args) == 2:
		p.leading = -args[1].Float64()
		p.move(args[0].Float64(), args[1].Float64())
	case op == "TL":
		p.leading = args[0].Float64()
	case op == "Tc":
		p.charGap = args[0].Float64()
	case op == "Tw":
		p.wordGap = args[0].Float64()
	case op == "Tz":
		p.scale = args[0].Float64() / 100
	case op == "Tj":
		p.show(args[0].RawString())
	case op == "'":
		p.move(0, -p.leading)
		p.show(args[0].RawString())
	case op == `"` && len(args) == 3:
		p.wordGap, p.charGap = args[0].Float64(), args[1].Float64()
		p.move(0, -p.leading)
		p.show(args[2].RawString())
	case op == "TJ":
		for _, v := range values(args[0]) {
			if v.Kind() == pdf.String {
				p.show(v.RawString())
			} else {
				p.advance(-v.Float64() / 1000 * p.size * p.scale)
			}
		}
	}
}

func (p *pdfPage) bare(op string) {
	switch op {
	case "q":
		if len(p.saved) < 1024 { // deeper ones are no drawing
			p.saved = append(p.saved, p.state)
		}
	case "Q":
		if n := len(p.saved); n > 0 {
			p.state, p.saved = p.saved[n-1], p.saved[:n-1]
		}
	case "BT":
		p.tm, p.line = identity, identity
	case "T*":
		p.move(0, -p.leading)
	}
}

func (p *pdfPage) move(x, y float64) {
	p.line = matrix{1, 0, 0, 1, x, y}.after(p.line)
	p.tm = p.line
}

func (p *pdfPage) advance(x float64) { p.tm = matrix{1, 0, 0, 1, x, 0}.after(p.tm) }

// show adds letters to the line that is open when they stand on it, with a
// space where there is a gap.
func (p *pdfPage) show(raw string) {
	if p.font == nil || raw == "" {
		return
	}
	at := p.tm.after(p.ctm)
	size := math.Abs(p.size) * math.Hypot(at.c, at.d)
	if size == 0 || math.IsNaN(size) || math.IsInf(size, 0) {
		return
	}
	if p.started && (math.Abs(at.f-p.y) > size/2 || at.e < p.endX-2*size) {
		p.endLine()
	}
	text := p.letterCount(p.font.encoding.Decode(raw))
	if p.started && at.e-p.endX > 0.18*size && !strings.HasPrefix(text, " ") {
		p.text.WriteByte(' ')
	}
	if !p.started {
		p.started, p.y, p.letters = true, at.f, size
	}
	p.letters = max(p.letters, size)
	p.text.WriteString(text)
	if p.walk.bytes+p.text.Len() > MaxTextBytes {
		p.endLine() // which stops
	}
	width, codes, spaces := p.font.width(raw)
	p.advance((width/1000*p.size + float64(codes)*p.charGap + float64(spaces)*p.wordGap) * p.scale)
	p.endX = p.tm.after(p.ctm).e
}

// letterCount counts the letters and those that are none, which it drops.
func (p *pdfPage) letterCount(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u00a0':
			return ' '
		case r == unicode.ReplacementChar || unicode.IsControl(r) || unicode.Is(unicode.Co, r):
			p.walk.letters++
			p.walk.bad++
			return -1
		case !unicode.IsSpace(r):
			p.walk.letters++
		}
		return r
	}, strings.ToValidUTF8(ligatures.Replace(text), "\ufffd"))
}

// endLine closes the line that is open.
func (p *pdfPage) endLine() {
	text := oneLine(p.text.String())
	p.text.Reset()
	if !p.started {
		return
	}
	p.started = false
	if text == "" {
		return
	}
	// A line further down than 1.6 times its letters is apart, and so is one
	// that stands above the line before it: another column or a footnote.
	down := p.above - p.y
	p.walk.add(Line{
		Page: p.walk.page, Text: text, Size: math.Round(p.letters*10) / 10,
		Apart: p.hasAbove && (down > 1.6*p.letters || down < 0),
	})
	p.above, p.hasAbove = p.y, true
}

// ligatures are letters that fonts draw as one.
var ligatures = strings.NewReplacer("ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "\u00ad", "")
