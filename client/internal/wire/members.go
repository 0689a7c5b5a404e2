package wire

import (
	"encoding/json"
	"fmt"
)

// Members are those of a JSON object. Names are compared exactly: decoding
// into a struct would take them in any case.
type Members map[string]json.RawMessage

// ReadMembers reads a JSON object.
func ReadMembers(body []byte) (Members, error) {
	var m Members
	// The texts of decoding errors quote the body, so they go no further.
	if err := json.Unmarshal(body, &m); err != nil || m == nil {
		return nil, fmt.Errorf("%w: no JSON object", ErrMalformed)
	}
	return m, nil
}

// Raw is the member's JSON, null when it is missing.
func (m Members) Raw(name string) json.RawMessage {
	if raw := m[name]; raw != nil {
		return raw
	}
	return json.RawMessage("null")
}

// Read decodes a member that must be there and not null.
func Read[T any](m Members, name string) (T, error) {
	var value *T
	if err := json.Unmarshal(m.Raw(name), &value); err != nil || value == nil {
		var zero T
		return zero, fmt.Errorf("%w: %s is missing or of another type", ErrMalformed, name)
	}
	return *value, nil
}

// ReadOptional decodes a member that may be missing or null, which is the zero
// value.
func ReadOptional[T any](m Members, name string) (T, error) {
	var value *T
	if err := json.Unmarshal(m.Raw(name), &value); err != nil {
		var zero T
		return zero, fmt.Errorf("%w: %s is of another type", ErrMalformed, name)
	}
	if value == nil {
		var zero T
		return zero, nil
	}
	return *value, nil
}

// Optional is nil for the zero value, which the contracts leave out.
func Optional[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}
