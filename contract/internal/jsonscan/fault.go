package jsonscan

// Kind is a kind of fault.
type Kind int

// The kinds of faults. Syntax, Depth and TrailingBytes end a scan.
const (
	// Syntax is text that is not JSON.
	Syntax Kind = iota + 1
	// Empty is text of nothing but white space.
	Empty
	// TrailingBytes are bytes after the value.
	TrailingBytes
	// Depth is nesting beyond the limit.
	Depth
	// UTF8 is a byte that is not UTF-8 or half a surrogate pair.
	UTF8
	// DuplicateName is a member that its object already has.
	DuplicateName
	// CaseTwin is a member whose name differs only in case from an earlier one.
	CaseTwin
)

// Fault is one thing found.
type Fault struct {
	Kind Kind
	// Offset in bytes from the beginning of the text.
	Offset int
	// Pointer is the JSON Pointer of the member or value, long names shortened.
	Pointer string
	// Name is the member's name, with DuplicateName and CaseTwin.
	Name string
	// Twin is the earlier name, with CaseTwin.
	Twin string
}

// Report is the outcome of a scan.
type Report struct {
	// Faults in the order of the text, at most as many as asked for.
	Faults []Fault
	// Capped says that there were more faults.
	Capped bool
	// Decodable says that the text is one JSON value followed by nothing but
	// white space or trailing bytes, within the depth limit.
	Decodable bool
	// End is the offset just after the value when Decodable.
	End int
}
