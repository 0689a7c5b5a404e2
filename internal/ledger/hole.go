package ledger

import (
	"cmp"
	"slices"
	"strings"
)

// Kind is the stable kebab-case name of a kind of hole.
type Kind string

// The kinds of holes.
const (
	KindSource           Kind = "operation-source"   // an operation without the page it was read on
	KindGrade            Kind = "operation-grade"    // an operation without a grade
	KindOperationID      Kind = "operation-id"       // an operation without a name, or with one that is used twice
	KindSuccess          Kind = "success-missing"    // an operation without a success response
	KindError            Kind = "error-missing"      // an operation without an error response
	KindRequestExample   Kind = "request-example"    // a request body without an example
	KindSuccessExample   Kind = "success-example"    // a success response without an example
	KindErrorExample     Kind = "error-example"      // an error response without an example
	KindClientMethod     Kind = "client-method"      // an operation that no client calls
	KindClientDirective  Kind = "client-directive"   // a client method for an operation that does not exist
	KindServerMethod     Kind = "server-method"      // an operation without a generated server method
	KindServerMount      Kind = "server-mount"       // a contract that the package server does not mount
	KindField            Kind = "field-missing"      // a documented field that is in no contract
	KindFieldGrade       Kind = "field-grade"        // a documented field that the contract grades otherwise
	KindFieldUnlisted    Kind = "field-unlisted"     // a fact graded documented that is not among the documented fields
	KindRegisterUnknown  Kind = "register-unknown"   // a register entry named in a contract that does not exist
	KindRegisterPointer  Kind = "register-pointer"   // a register entry that points at nothing
	KindRegisterUnlinked Kind = "register-unlinked"  // a register entry that no contract names
	KindExpression       Kind = "runtime-expression" // a callback URL that no request carries
	KindWaiverStale      Kind = "waiver-stale"       // a waiver whose hole is closed
)

// Hole is something that is missing.
type Hole struct {
	Kind Kind `json:"kind"`
	// At is where, in a form that stays the same while the hole is open:
	// contract and operation, and what of it.
	At string `json:"at"`
	// Detail says what is wrong; empty when the kind says it all.
	Detail string `json:"detail,omitempty"`
}

// String is the hole as one line.
func (h Hole) String() string {
	s := string(h.Kind) + " " + h.At
	if h.Detail != "" {
		s += ": " + h.Detail
	}
	return s
}

// sortHoles orders holes by kind and place, each once.
func sortHoles(holes []Hole) []Hole {
	slices.SortFunc(holes, func(a, b Hole) int {
		return cmp.Or(strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.At, b.At), strings.Compare(a.Detail, b.Detail))
	})
	return slices.Compact(holes)
}

// Waiver is a hole that is accepted.
type Waiver struct {
	Kind Kind   `json:"kind" yaml:"hole"`
	At   string `json:"at"   yaml:"at"`
	// Reason says why the hole stays open; required.
	Reason string `json:"reason" yaml:"reason"`
}

// settle takes the waived holes out and adds the waivers that had none.
func settle(holes []Hole, waivers []Waiver) (open []Hole, waived []Waiver) {
	open, waived = []Hole{}, []Waiver{}
	for _, w := range waivers {
		match := func(h Hole) bool { return h.Kind == w.Kind && h.At == w.At }
		if slices.ContainsFunc(holes, match) {
			holes = slices.DeleteFunc(holes, match)
			waived = append(waived, w)
			continue
		}
		open = append(open, Hole{Kind: KindWaiverStale, At: string(w.Kind) + " " + w.At, Detail: "the hole is closed; remove the waiver"})
	}
	return sortHoles(append(open, holes...)), waived
}
