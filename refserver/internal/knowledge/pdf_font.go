package knowledge

import (
	"github.com/ledongthuc/pdf"
)

// pdfFont tells the letters of a font and how wide they are, in thousandths of
// its size.
type pdfFont struct {
	encoding pdf.TextEncoding
	// codeBytes is 1, or 2 for a composite font.
	codeBytes int
	widths    map[int]float64
	usual     float64
}

// maxWidths bounds the widths kept for one font, which has 65536 codes at most.
const maxWidths = 1 << 16

// font reads a font once: pages share them, and reading the map of its letters
// is the most work of all. Equal descriptions refer to equal objects.
func (w *pdfWalk) font(v pdf.Value) *pdfFont {
	if v.Kind() != pdf.Dict {
		return nil
	}
	key := v.String()
	if f, ok := w.fonts[key]; ok {
		return f
	}
	w.check()
	font := pdf.Font{V: v}
	f := &pdfFont{encoding: font.Encoder(), codeBytes: 1, widths: make(map[int]float64), usual: 500}
	if v.Key("Subtype").Name() == "Type0" {
		f.codeBytes = 2
		f.composite(v.Key("DescendantFonts").Index(0))
	} else {
		first := int(v.Key("FirstChar").Int64())
		for i, width := range values(v.Key("Widths")) {
			if i >= 256 {
				break
			}
			f.widths[first+i] = width.Float64()
		}
	}
	w.fonts[key] = f
	return f
}

// composite reads the widths of a composite font: "first [w w w]" gives those
// of a run, "first last w" one for all of it.
func (f *pdfFont) composite(descendant pdf.Value) {
	f.usual = 1000
	if usual := descendant.Key("DW"); !usual.IsNull() {
		f.usual = usual.Float64()
	}
	w := descendant.Key("W")
	for i := 0; i+1 < w.Len(); {
		first := int(w.Index(i).Int64())
		if run := w.Index(i + 1); run.Kind() == pdf.Array {
			for j, width := range values(run) {
				f.set(first+j, width.Float64())
			}
			i += 2
			continue
		}
		last := min(int(w.Index(i+1).Int64()), maxWidths)
		for code := max(first, 0); code <= last; code++ {
			f.set(code, w.Index(i+2).Float64())
		}
		i += 3
	}
}

func (f *pdfFont) set(code int, width float64) {
	if len(f.widths) < maxWidths {
		f.widths[code] = width
	}
}

// width adds up the letters of raw and counts them and the spaces among them.
func (f *pdfFont) width(raw string) (total float64, codes, spaces int) {
	for i := 0; i+f.codeBytes <= len(raw); i += f.codeBytes {
		code := int(raw[i])
		if f.codeBytes == 2 {
			code = code<<8 | int(raw[i+1])
		} else if code == ' ' {
			spaces++
		}
		width, ok := f.widths[code]
		if !ok {
			width = f.usual
		}
		total += width
		codes++
	}
	return total, codes, spaces
}
