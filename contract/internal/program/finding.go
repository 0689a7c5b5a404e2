package program

// Finding is one disagreement between a value and a fact of the contract. It
// holds no value of the message.
type Finding struct {
	*Fact
	// Pointer is the JSON Pointer of the value; that of a missing property is
	// where it should stand.
	Pointer string
	// Offset is where the value starts, in bytes from the start of the text;
	// for KindRequired and its like it is that of the object.
	Offset int
	// Name is the property that is missing, for KindRequired, or that should
	// choose a branch, for KindDiscriminator; empty for other kinds.
	Name string
	// Suggestion is the declared name that a forbidden or undeclared one most
	// likely stands for; empty when none is near.
	Suggestion string
	// Branches are, for KindAnyOf and KindOneOf, the findings of each branch,
	// the branch that came nearest first. It is empty when too many branches
	// matched rather than none; Matched names those.
	Branches []Branch
	// Matched are the indexes of the branches of a oneOf that all match.
	Matched []int
}

// Branch is one alternative of an anyOf or oneOf that did not match.
type Branch struct {
	// Index is the branch's place in the keyword's list.
	Index int
	// Findings is why it did not match, at most as many as were asked for of
	// the whole message.
	Findings []Finding
	// More is set when Findings stopped at that number.
	More bool
}
