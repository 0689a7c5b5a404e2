package jsonscan

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// few is the number of members up to which an object's names are compared one
// by one; beyond it they go into a map, whose seed is random, so that no text
// can make the search quadratic.
const few = 8

// names are the member names of one object so far.
type names struct {
	// open says that a name has been read, even the empty one.
	open   bool
	list   []string
	exact  map[string]struct{}
	folded map[string]string
}

// add records name. found says that an equal name came before: the same one,
// or one that differs only in case, which is then returned.
func (n *names) add(name string) (twin string, same, found bool) {
	if n.exact != nil {
		return n.addToMap(name)
	}
	for _, earlier := range n.list {
		if earlier == name {
			return earlier, true, true
		}
	}
	for _, earlier := range n.list {
		if strings.EqualFold(earlier, name) {
			twin, found = earlier, true
			break
		}
	}
	n.list = append(n.list, name)
	if len(n.list) > few {
		n.exact, n.folded = make(map[string]struct{}, 4*few), make(map[string]string, 4*few)
		for _, earlier := range n.list {
			n.addToMap(earlier)
		}
		n.list = nil
	}
	return twin, false, found
}

func (n *names) addToMap(name string) (twin string, same, found bool) {
	if _, ok := n.exact[name]; ok {
		return name, true, true
	}
	n.exact[name] = struct{}{}
	key := fold(name)
	if earlier, ok := n.folded[key]; ok {
		return earlier, false, true
	}
	n.folded[key] = name
	return "", false, false
}

// fold maps every rune to the smallest of those that differ from it only in
// case, the relation of strings.EqualFold.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (r < 'A' || r > 'Z') && r != 'k' && r != 's' && (r < 'a' || r > 'z') {
			return r
		}
		smallest := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			smallest = min(smallest, next)
		}
		return smallest
	}, name)
}

// MaxToken is the length in runes beyond which a member's name is shortened in
// a pointer.
const MaxToken = 40

// AppendToken appends a member's name to a JSON Pointer, escaped, and shortened
// beyond MaxToken runes: names come from the message and may be of any length.
func AppendToken(pointer []byte, name string) []byte {
	count := 0
	for _, r := range name {
		if count == MaxToken {
			return append(pointer, "…"...)
		}
		switch r {
		case '~':
			pointer = append(pointer, "~0"...)
		case '/':
			pointer = append(pointer, "~1"...)
		default:
			pointer = utf8.AppendRune(pointer, r)
		}
		count++
	}
	return pointer
}
