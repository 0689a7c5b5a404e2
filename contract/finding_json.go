package contract

import (
	"strconv"
	"unicode/utf8"
)

// AppendJSON appends the finding as encoding/json writes it, in one pass: a
// refusal is mostly the writing of its findings.
func (f *Finding) AppendJSON(out []byte) []byte {
	out = appendMember(append(out, '{'), "rule", string(f.Rule))
	out = appendMember(out, "severity", string(f.Severity))
	out = appendMember(out, "blame", string(f.Blame))
	out = appendMember(out, "direction", string(f.Direction))
	out = appendOptional(out, "operation", f.Operation)
	out = append(out, `,"location":{`...)
	out = appendMember(out, "in", string(f.Location.In))
	out = appendOptional(out, "name", f.Location.Name)
	out = appendOptional(out, "pointer", f.Location.Pointer)
	out = appendMember(append(out, '}'), "message", f.Message)
	if f.Position != (Position{}) {
		out = append(out, `,"position":{`...)
		out = appendMember(out, "document", f.Position.Document)
		if f.Position.Line != 0 {
			out = strconv.AppendInt(append(out, `,"line":`...), int64(f.Position.Line), 10)
		}
		out = append(out, '}')
	}
	out = appendOptional(out, "grade", string(f.Grade))
	for i, entry := range f.Register {
		if i == 0 {
			out = append(out, `,"register":[`...)
		} else {
			out = append(out, ',')
		}
		out = appendJSONText(out, entry)
	}
	if len(f.Register) > 0 {
		out = append(out, ']')
	}
	return append(out, '}')
}

// appendMember appends a member of an object, with a comma behind another.
func appendMember(out []byte, name, value string) []byte {
	if out[len(out)-1] != '{' {
		out = append(out, ',')
	}
	out = append(append(append(out, '"'), name...), '"', ':')
	return appendJSONText(out, value)
}

// appendOptional is appendMember for a value that is left out when empty.
func appendOptional(out []byte, name, value string) []byte {
	if value == "" {
		return out
	}
	return appendMember(out, name, value)
}

// plainInJSON are the bytes that stand for themselves in a JSON string.
var plainInJSON = func() (plain [256]bool) {
	for c := byte(' '); c < utf8.RuneSelf; c++ {
		plain[c] = c != '"' && c != '\\' && c != '<' && c != '>' && c != '&'
	}
	return plain
}()

// appendJSONText appends a JSON string, as encoding/json writes it: safe to
// stand in HTML, and valid UTF-8 whatever the text is.
func appendJSONText(out []byte, text string) []byte {
	const hex = "0123456789abcdef"
	out = append(out, '"')
	from := 0
	for i := 0; i < len(text); {
		c := text[i]
		if plainInJSON[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			switch {
			case r == utf8.RuneError && size == 1:
				out = append(append(out, text[from:i]...), `\ufffd`...)
				from = i + size
			case r == '\u2028' || r == '\u2029':
				out = append(append(out, text[from:i]...), `\u202`...)
				out = append(out, hex[r&15])
				from = i + size
			}
			i += size
			continue
		}
		out = append(out, text[from:i]...)
		switch c {
		case '"', '\\':
			out = append(out, '\\', c)
		case '\b':
			out = append(out, '\\', 'b')
		case '\f':
			out = append(out, '\\', 'f')
		case '\n':
			out = append(out, '\\', 'n')
		case '\r':
			out = append(out, '\\', 'r')
		case '\t':
			out = append(out, '\\', 't')
		default:
			out = append(out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		from = i
	}
	return append(append(out, text[from:]...), '"')
}
