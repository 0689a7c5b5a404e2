package contract

import (
	"fmt"
	"reflect"
)

// Modes runs the modes of the program for a request's body of the operation and
// says how they disagree: accepting must say yes exactly when nothing is
// collected, and accepting that turns to collecting must find what collecting
// does. compiled is false where there is no program.
func (c *Contract) Modes(operationID, contentType string, body []byte) (disagreement string, compiled bool) {
	m := c.byID[operationID].body.choose(contentType)
	if m == nil {
		return "", false
	}
	checker := m.checker
	if j, ok := checker.(jsonBody); ok {
		checker = j.checker
	}
	j, ok := checker.(*compiledJSON)
	if !ok {
		return "", false
	}
	const limit = 1000
	accepts := j.program.Accept(body, j.direction)
	collected, _ := j.program.Findings(body, j.direction, limit)
	checked, _ := j.program.Check(body, j.direction, limit)
	switch {
	case accepts != (len(collected) == 0):
		return fmt.Sprintf("accepted %v, collected %d findings", accepts, len(collected)), true
	case !reflect.DeepEqual(collected, checked):
		return fmt.Sprintf("collected %v, checked %v", collected, checked), true
	}
	return "", true
}
