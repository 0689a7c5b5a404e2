package program

import "unicode/utf8"

// maxSuggested bounds the names that are compared, in bytes and in number.
const (
	maxSuggested      = 64
	maxSuggestedNames = 1000
)

// plainName is a name in lower case without separators, in a buffer of its own.
type plainName struct {
	text [maxSuggested]byte
	size int
}

// plain makes the plain form of a name of at most maxSuggested bytes.
func plain[T string | []byte](name T) (p plainName) {
	for i := range len(name) {
		c := name[i]
		if c-'A' <= 'Z'-'A' {
			c |= 0x20
		}
		if c != '_' && c != '-' {
			p.text[p.size] = c
			p.size++
		}
	}
	return p
}

// suggest is the field whose name is nearest to name, "" when none is near: a
// third of the characters may differ, at most three.
func suggest(name []byte, fields []field) string {
	if len(name) > maxSuggested || !utf8.Valid(name) {
		return ""
	}
	best, at := min(3, (len(name)+2)/3)+1, ""
	x := plain(name)
	for i := range fields {
		if i == maxSuggestedNames {
			break
		}
		candidate := fields[i].name
		if len(candidate) > maxSuggested || len(fields[i].forbids) > 0 {
			continue
		}
		y := plain(candidate)
		if d := editDistance(x.text[:x.size], y.text[:y.size], best); d < best {
			best, at = d, candidate
		}
	}
	return at
}

// editDistance counts the characters to add, drop, change or swap with their
// neighbour to make y of x; two names that are the same, having differed in
// case and separators alone, are at distance 1. Distances of limit and more
// are not told apart.
func editDistance(x, y []byte, limit int) int {
	if string(x) == string(y) {
		return 1
	}
	if len(x)-len(y) >= limit || len(y)-len(x) >= limit {
		return limit
	}
	var rows [3][maxSuggested + 1]uint8
	for j := range len(y) + 1 {
		rows[1][j] = uint8(j)
	}
	for i := 1; i <= len(x); i++ {
		cur, last, before := &rows[(i+1)%3], &rows[i%3], &rows[(i+2)%3]
		cur[0] = uint8(i)
		least := cur[0]
		for j := 1; j <= len(y); j++ {
			cost := uint8(1)
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d := min(last[j]+1, cur[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, before[j-2]+1)
			}
			cur[j] = d
			least = min(least, d)
		}
		if int(least) >= limit {
			return limit
		}
	}
	return int(rows[(len(x)+1)%3][len(y)])
}
