// Package format recognises the string formats of OpenAPI and JSON Schema.
//
// Each check reads the bytes of one string, without its quotes and escapes, and
// allocates nothing. A format that is not listed is an annotation: Lookup does
// not know it and nothing is checked.
package format

// Check reports whether the content of a string has a format.
type Check func(content []byte) bool

// Lookup finds the check of a format by the name the keyword uses.
func Lookup(name string) (Check, bool) {
	switch name {
	case "date":
		return Date, true
	case "date-time":
		return DateTime, true
	case "time":
		return Time, true
	case "duration":
		return Duration, true
	case "email":
		return Email, true
	case "idn-email":
		return IDNEmail, true
	case "hostname":
		return Hostname, true
	case "ipv4":
		return IPv4, true
	case "ipv6":
		return IPv6, true
	case "uri":
		return URI, true
	case "uri-reference":
		return URIReference, true
	case "iri":
		return IRI, true
	case "iri-reference":
		return IRIReference, true
	case "uri-template":
		return URITemplate, true
	case "uuid":
		return UUID, true
	case "byte":
		return Base64, true
	case "json-pointer":
		return JSONPointer, true
	case "relative-json-pointer":
		return RelativeJSONPointer, true
	}
	return nil, false
}

func isDigit(c byte) bool { return c-'0' <= 9 }

func isLetter(c byte) bool { return (c|0x20)-'a' <= 'z'-'a' }

func isHex(c byte) bool { return isDigit(c) || (c|0x20)-'a' <= 'f'-'a' }
