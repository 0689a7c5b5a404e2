package contract

import (
	"strconv"
	"strings"

	"github.com/parley-contracts/parley/contract/internal/jsonscan"
)

// joinPointer writes tokens as a JSON Pointer. Names come from the message, so
// long ones are shortened.
func joinPointer(tokens []string) string {
	var b []byte
	for _, t := range tokens {
		b = jsonscan.AppendToken(append(b, '/'), t)
	}
	return string(b)
}

// quotedIn is the quoted text in a reason such as `property "x" is unsupported`.
func quotedIn(reason string) string {
	start := strings.IndexByte(reason, '"')
	end := strings.LastIndexByte(reason, '"')
	if start < 0 || end <= start {
		return ""
	}
	name, err := strconv.Unquote(reason[start : end+1])
	if err != nil {
		return ""
	}
	return name
}
