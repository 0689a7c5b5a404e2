package program

import "unicode/utf8"

// maxSuggested bounds the names that are compared, in bytes and in number.
const (
	maxSuggested      = 64
	maxSuggestedNames = 1000
)

// suggest is the field whose name is nearest to name, "" when none is near: a
// third of the characters may differ, at most three.
func suggest(name []byte, fields []field) string {
	if len(name) > maxSuggested || !utf8.Valid(name) {
		return ""
	}
	best, at := min(3, (len(name)+2)/3)+1, ""
	for i := range fields {
		if i == maxSuggestedNames {
			break
		}
		candidate := fields[i].name
		if len(candidate) > maxSuggested || len(fields[i].forbids) > 0 {
			continue
		}
		if d := editDistance(string(name), candidate); d < best {
			best, at = d, candidate
		}
	}
	return at
}

// editDistance counts the characters to add, drop, change or swap with their
// neighbour to make b of a. Case and the choice between _, - and nothing cost
// nothing, but two names that differ in that alone are at distance 1.
func editDistance(a, b string) int {
	x, y := plain(a), plain(b)
	if string(x) == string(y) {
		return 1
	}
	var rows [3][maxSuggested + 1]int
	for j := range len(y) + 1 {
		rows[1][j] = j
	}
	for i := 1; i <= len(x); i++ {
		cur, last, before := &rows[(i+1)%3], &rows[i%3], &rows[(i+2)%3]
		cur[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d := min(last[j]+1, cur[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, before[j-2]+1)
			}
			cur[j] = d
		}
	}
	return rows[(len(x)+1)%3][len(y)]
}

// plain is the name in lower case without separators.
func plain(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		if c-'A' <= 'Z'-'A' {
			c |= 0x20
		}
		if c != '_' && c != '-' {
			out = append(out, c)
		}
	}
	return out
}
