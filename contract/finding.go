package contract

import (
	"fmt"
	"strconv"
	"strings"
)

// Severity says how much a finding matters.
type Severity string

// The severities. Only errors are blocked by the enforce mode of the callers.
const (
	// SeverityError breaks a documented or observed fact.
	SeverityError Severity = "error"
	// SeverityWarning breaks an inferred fact, or is suspicious but allowed.
	SeverityWarning Severity = "warning"
)

// Blame says whose move it is.
type Blame string

// The blames, from the integrator's point of view.
const (
	// BlameOurRequest is a call of ours that the contract does not allow.
	BlameOurRequest Blame = "our-request"
	// BlameOurResponse is an acknowledgement of ours to a callback that the
	// contract does not allow.
	BlameOurResponse Blame = "our-response"
	// BlameVendorResponse is an answer of the vendor that breaks its contract.
	BlameVendorResponse Blame = "vendor-response"
	// BlameVendorCallback is a callback of the vendor that breaks its contract.
	BlameVendorCallback Blame = "vendor-callback"
	// BlameContract is a disagreement with a fact that is only inferred: the
	// contract is the likelier culprit.
	BlameContract Blame = "contract"
)

// Direction says which message of an exchange was checked.
type Direction string

// The directions.
const (
	// DirectionRequest is a call of the integration to the vendor.
	DirectionRequest Direction = "request"
	// DirectionResponse is the vendor's answer to it.
	DirectionResponse Direction = "response"
	// DirectionCallback is a call of the vendor to the integration.
	DirectionCallback Direction = "callback"
	// DirectionCallbackResponse is the integration's answer to a callback.
	DirectionCallbackResponse Direction = "callback-response"
)

// Part is the part of a message that a finding is about.
type Part string

// The parts of a message.
const (
	PartMethod Part = "method"
	PartPath   Part = "path"
	PartQuery  Part = "query"
	PartHeader Part = "header"
	PartCookie Part = "cookie"
	PartBody   Part = "body"
	PartStatus Part = "status"
)

// Location is a place in a message.
type Location struct {
	// In is the part of the message.
	In Part `json:"in"`
	// Name is the parameter's or header's name; empty for a body.
	Name string `json:"name,omitempty"`
	// Pointer is the JSON Pointer (RFC 6901) into the body, or into the
	// decoded value of a structured parameter; empty for the whole of it.
	Pointer string `json:"pointer,omitempty"`
}

// String writes the location the way the command line prints it, such as
// "body /prospect_info/email" or "query conversation_id".
func (l Location) String() string {
	s := string(l.In)
	if l.Name != "" {
		s += " " + l.Name
	}
	if l.Pointer != "" {
		s += " " + l.Pointer
	}
	return s
}

// Position is a place in a contract document.
type Position struct {
	// Document is the file name as it was loaded, such as "openapi-v2.yaml".
	Document string `json:"document"`
	// Line counts from 1; 0 when it is not known.
	Line int `json:"line,omitempty"`
}

// String is "document:line", or the document alone without a line.
func (p Position) String() string {
	if p.Line == 0 {
		return p.Document
	}
	return p.Document + ":" + strconv.Itoa(p.Line)
}

// Finding is one disagreement between a message and the contract. It never
// holds a value of the message, only where it stood and what was expected.
type Finding struct {
	// Rule is the kind of disagreement, one of Rules.
	Rule Rule `json:"rule"`
	// Severity follows from the rule and the grade of the broken fact.
	Severity Severity `json:"severity"`
	// Blame says whose move it is.
	Blame Blame `json:"blame"`
	// Direction is the message it was found in.
	Direction Direction `json:"direction"`
	// Operation is the operationId; empty when no operation matched.
	Operation string `json:"operation,omitempty"`
	// Location is the place in the message.
	Location Location `json:"location"`
	// Message says what was expected, in one line and without values of the
	// message.
	Message string `json:"message"`
	// Position is the place in the contract of the keyword that was broken.
	Position Position `json:"position,omitzero"`
	// Grade is how well the broken fact is known.
	Grade Grade `json:"grade,omitempty"`
	// Register holds the register entries that concern the broken fact.
	Register []string `json:"register,omitempty"`
}

// Fingerprint is the same for the same disagreement whenever it comes back: it
// is made of rule, direction, operation and location, with array indexes as
// "*", and not of the message's wording.
func (f Finding) Fingerprint() string {
	return strings.Join([]string{string(f.Rule), string(f.Direction), f.Operation, Location{
		In: f.Location.In, Name: f.Location.Name, Pointer: starIndexes(f.Location.Pointer),
	}.String()}, "|")
}

// String is the finding on one line: severity, rule, operation, direction,
// location, message and, in brackets, the position in the contract.
func (f Finding) String() string {
	op := f.Operation
	if op == "" {
		op = "-"
	}
	s := fmt.Sprintf("%s %s %s %s %s %s", f.Severity, f.Rule, op, f.Direction, f.Location, f.Message)
	if f.Position.Document != "" {
		s += " (" + f.Position.String() + ")"
	}
	return s
}

// starIndexes replaces the array indexes of a JSON Pointer by "*".
func starIndexes(pointer string) string {
	if pointer == "" {
		return ""
	}
	parts := strings.Split(pointer, "/")
	for i, p := range parts {
		if p != "" && strings.Trim(p, "0123456789") == "" {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}
