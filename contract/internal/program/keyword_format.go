package program

import (
	"github.com/parley-contracts/parley/contract/internal/program/format"
	"github.com/parley-contracts/parley/contract/internal/program/number"
	"github.com/parley-contracts/parley/contract/internal/program/pattern"
)

// textFormat compiles the format keyword for strings. Formats that are not
// known are annotations.
func (c *compilation) textFormat(e elem, r *textRules) {
	var check format.Check
	switch e.s.Format {
	case "":
		return
	case "regex":
		check = pattern.Valid
	default:
		var ok bool
		if check, ok = format.Lookup(e.s.Format); !ok {
			return
		}
	}
	r.formats = append(r.formats, formatRule{check, c.fact(e.s, "format", KindFormat, e.s.Format)})
	r.content = true
}

// numberFormats are the bounds of the numeric formats.
var numberFormats = map[string][2]string{
	"int32":  {"-2147483648", "2147483647"},
	"int64":  {"-9223372036854775808", "9223372036854775807"},
	"float":  {"-3.4028235677973366e38", "3.4028235677973366e38"},
	"double": {"-1.7976931348623158e308", "1.7976931348623158e308"},
}

// numberFormat compiles the format keyword for numbers, as a pair of bounds.
func (c *compilation) numberFormat(e elem, r *numberRules) {
	bounds, ok := numberFormats[e.s.Format]
	if !ok {
		return
	}
	fact := c.fact(e.s, "format", KindFormat, e.s.Format)
	low, _ := number.Parse([]byte(bounds[0]))
	high, _ := number.Parse([]byte(bounds[1]))
	r.bounds = append(r.bounds, bound{limit: low, fact: fact}, bound{limit: high, upper: true, fact: fact})
}
