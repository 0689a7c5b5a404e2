package contract

// Grade says how well a fact of the contract is known.
type Grade string

// The grades, best known first. A fact without evidence anywhere above it is
// graded documented: a document that grades nothing is taken at its word.
const (
	// GradeDocumented is a fact that the vendor's documentation states.
	GradeDocumented Grade = "documented"
	// GradeObserved is a fact seen in real traffic.
	GradeObserved Grade = "observed"
	// GradeInferred is a fact that we concluded; breaking it is at most a
	// warning, and the blame is the contract's.
	GradeInferred Grade = "inferred"
)

// Evidence is the x-evidence extension beside a fact.
type Evidence struct {
	// Grade of the fact it stands beside.
	Grade Grade `json:"grade"`
	// Source is where the fact was read.
	Source Source `json:"source,omitzero"`
	// Register holds the ids of the register entries that concern the fact.
	Register []string `json:"register,omitempty"`
	// Keywords grades single schema keywords of the fact apart from it, such
	// as a maxLength that is ours.
	Keywords map[string]Grade `json:"keywords,omitempty"`
}

// Source names a page of a vendor's documentation.
type Source struct {
	// Page is the page's short name, such as "V2 / Outgoing Messages".
	Page string `json:"page"`
	// URL is the page's address, empty when it is not known.
	URL string `json:"url,omitempty"`
}
