package server

import (
	"encoding/json"
	"testing"

	"github.com/oapi-codegen/runtime"
)

// TestValidatedValue holds what generated handlers bind against the bytes.
func TestValidatedValue(t *testing.T) {
	t.Parallel()
	type target struct {
		ID int64 `json:"id"`
	}
	tests := []struct {
		name, raw, contentType string
		bound                  bool
		id                     int64
	}{
		{"JSON", `{"id":9007199254740993}`, "application/json; charset=utf-8", true, 9007199254740993},
		{"built on JSON", `{"id":1,"ID":2}`, "application/vnd.api+json", true, 1},
		{"other name", `{"Id":2}`, "application/json", true, 0},
		{"broken", `{"id":1`, "application/json", false, 0},
		{"form", `id=1`, "application/x-www-form-urlencoded", false, 0},
		{"JSON that does not say so", `{"id":1}`, "", false, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newCheckedBody([]byte(tt.raw), tt.contentType)
			var got target
			err := runtime.BindJSONValue(b.ValidatedValue(), &got)
			if (err == nil) != tt.bound || got.ID != tt.id {
				t.Errorf("bound %+v, error %v; want id %d, bound %v", got, err, tt.id, tt.bound)
			}
			if !tt.bound {
				// A type that decodes itself must not get a value either.
				var raw json.RawMessage
				if err := runtime.BindJSONValue(b.ValidatedValue(), &raw); err == nil {
					t.Errorf("raw = %s, want an error", raw)
				}
			}
		})
	}
}
