package proxy

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// errNoString says that a document has no string at a pointer.
var errNoString = errors.New("no string at the pointer")

// findString finds the string at a JSON Pointer: where it begins and ends in
// the document, quotes included, and what it says. Of members with the same
// name the last counts, as it does for most readers.
func findString(document []byte, pointer string) (start, end int, value string, err error) {
	if !strings.HasPrefix(pointer, "/") {
		return 0, 0, "", errNoString
	}
	path := strings.Split(pointer[1:], "/")
	for i, p := range path {
		path[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(p)
	}
	if !json.Valid(document) {
		return 0, 0, "", errNoString
	}
	start, end, ok := findValue(document, 0, path)
	if !ok || document[start] != '"' {
		return 0, 0, "", errNoString
	}
	if err := json.Unmarshal(document[start:end], &value); err != nil {
		return 0, 0, "", errNoString
	}
	return start, end, value, nil
}

// findValue finds the value at a path below the value that begins at or after
// offset. The document is valid JSON.
func findValue(document []byte, offset int, path []string) (start, end int, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(document[offset:]))
	if len(path) == 0 {
		var raw json.RawMessage
		if decoder.Decode(&raw) != nil {
			return 0, 0, false
		}
		end = offset + int(decoder.InputOffset())
		return end - len(raw), end, true
	}
	open, err := decoder.Token()
	if err != nil || open != json.Delim('{') && open != json.Delim('[') {
		return 0, 0, false
	}
	for i := 0; decoder.More(); i++ {
		name := strconv.Itoa(i)
		if open == json.Delim('{') {
			key, err := decoder.Token()
			if err != nil {
				return 0, 0, false
			}
			name, _ = key.(string)
		}
		var raw json.RawMessage
		if decoder.Decode(&raw) != nil {
			return 0, 0, false
		}
		if name != path[0] {
			continue
		}
		// The separator in front of the value is not part of it.
		at := offset + int(decoder.InputOffset()) - len(raw)
		if s, e, found := findValue(document, at, path[1:]); found {
			start, end, ok = s, e, true
		}
	}
	return start, end, ok
}
