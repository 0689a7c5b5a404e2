package evidence

import (
	"net/url"
	"strings"

	"github.com/parley-contracts/parley/contract"
)

// maxPlainDigits is the most digits of a query value that is kept: enough for
// pages and limits, too few for a telephone number.
const maxPlainDigits = 6

// redactTarget masks the values of a target's query and returns the locations
// of those it masked. Names, order and separators stay as they were; so do
// values that cannot be data: none, short integers, true and false.
func redactTarget(target string) (string, []string) {
	path, query, found := strings.Cut(target, "?")
	if !found || query == "" {
		return target, nil
	}
	var masked []string
	var out strings.Builder
	out.WriteString(path)
	separator := byte('?')
	for pair := range strings.SplitSeq(query, "&") {
		out.WriteByte(separator)
		separator = '&'
		name, value, hasValue := strings.Cut(pair, "=")
		if !hasValue || isPlain(value) {
			out.WriteString(pair)
			continue
		}
		out.WriteString(name + "=" + Mask)
		masked = append(masked, contract.Location{In: contract.PartQuery, Name: decodeName(name)}.String())
	}
	if masked == nil {
		return target, nil
	}
	return out.String(), masked
}

// decodeName is the parameter's name as a contract writes it; one that cannot
// be decoded stays as it is.
func decodeName(raw string) string {
	name, err := url.QueryUnescape(raw)
	if err != nil {
		return raw
	}
	return name
}

// isPlain reports whether a query value says nothing about anybody.
func isPlain(value string) bool {
	switch value {
	case "", "true", "false", Mask:
		return value != Mask
	}
	digits := strings.TrimPrefix(value, "-")
	return digits != "" && len(digits) <= maxPlainDigits && strings.Trim(digits, "0123456789") == ""
}
