package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/parley-contracts/parley/evidence"
)

// arrivals prints a line for each callback that came in: when, which, how it
// was answered and which fields it had. No field of a callback is documented,
// so their names and types are what somebody watching wants to see; values are
// not shown. It is an evidence.Keeper.
type arrivals struct{ out *bufio.Writer }

func newArrivals(out io.Writer) arrivals { return arrivals{bufio.NewWriter(out)} }

// Keep prints one callback.
func (a arrivals) Keep(x evidence.Exchange) error {
	answer := x.Failure
	if x.Response != nil {
		answer = fmt.Sprint(x.Response.Status)
	}
	path, _, _ := strings.Cut(x.Request.Target, "?")
	_, err := fmt.Fprintf(a.out, "%s %s %s %s -> %s, %s, %s\n",
		x.Time.Format(time.TimeOnly), orDash(x.Operation), x.Request.Method, path, answer,
		count(x.Request.BodyBytes, "byte"), fieldList(x.Request.Body))
	return err
}

// Flush makes what was printed visible.
func (a arrivals) Flush() error { return a.out.Flush() }

// fieldList names the members of a JSON object and their types.
func fieldList(body string) string {
	var members map[string]any
	if json.Unmarshal([]byte(body), &members) != nil {
		return "no fields that can be read"
	}
	fields := make([]string, 0, len(members))
	for _, name := range slices.Sorted(maps.Keys(members)) {
		fields = append(fields, name+" "+typeName(members[name]))
	}
	return "fields: " + orDash(strings.Join(fields, ", "))
}

// typeName is the JSON type of a decoded value.
func typeName(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case float64:
		return "number"
	case bool:
		return "boolean"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	default:
		return "null"
	}
}
