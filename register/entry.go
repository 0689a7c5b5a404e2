package register

// Entry is one question that the documentation leaves open.
type Entry struct {
	// ID is stable, such as "A-33".
	ID string `json:"id" yaml:"id"`
	// Contracts are the names of the contracts it concerns, without extension.
	Contracts []string `json:"contracts" yaml:"contracts"`
	// Operations are the operationIds whose exchanges the probes are asked
	// about; empty means every exchange of the contracts and every one that
	// matched no contract, for questions about paths and methods.
	Operations []string `json:"operations,omitempty" yaml:"operations,omitempty"`
	// Pointers lead to what it concerns, as file#/json/pointer.
	Pointers []string `json:"pointers" yaml:"pointers"`
	// Question is what is not known, as a question.
	Question string `json:"question" yaml:"question"`
	// Unsettleable says why traffic cannot answer; empty when it can.
	Unsettleable string `json:"unsettleable,omitempty" yaml:"unsettleable,omitempty"`
	// Readings are the possible answers, the taken one among them.
	Readings []Reading `json:"readings" yaml:"readings"`
	// SettledBy names the observation that would answer the question.
	SettledBy string `json:"settled_by" yaml:"settled_by"`
}

// Reading is one possible answer to an entry.
type Reading struct {
	// ID is a letter, unique in its entry.
	ID string `json:"id" yaml:"id"`
	// Taken marks the one reading per entry that the contracts follow.
	Taken bool `json:"taken,omitempty" yaml:"taken,omitempty"`
	// Text is the answer in words.
	Text string `json:"text" yaml:"text"`
	// Why says what speaks for it; only the taken reading has one.
	Why string `json:"why,omitempty" yaml:"why,omitempty"`
	// Probe recognises the reading in traffic; zero when nothing does.
	Probe Probe `json:"probe,omitzero" yaml:"probe,omitempty"`
	// Overlay is the file that changes the contracts to this reading, such as
	// "readings/A-33-b.yaml"; empty when it changes none. The taken reading
	// has none.
	Overlay string `json:"overlay,omitempty" yaml:"overlay,omitempty"`
}

// Probe is a pair of expressions over one exchange; see the package comment.
// Either may be empty: some readings can only be refuted, or only be supported,
// by what is seen.
type Probe struct {
	// Supports is true for an exchange that speaks for the reading.
	Supports string `json:"supports,omitempty" yaml:"supports,omitempty"`
	// Refutes is true for an exchange that speaks against it.
	Refutes string `json:"refutes,omitempty" yaml:"refutes,omitempty"`
}

// Reading returns the reading with the given id, nil when there is none. It
// points into the entry, which must not be changed.
func (e *Entry) Reading(id string) *Reading {
	for i := range e.Readings {
		if e.Readings[i].ID == id {
			return &e.Readings[i]
		}
	}
	return nil
}

// Taken returns the reading that the contracts follow. It is never nil for an
// entry of a loaded register.
func (e *Entry) Taken() *Reading {
	for i := range e.Readings {
		if e.Readings[i].Taken {
			return &e.Readings[i]
		}
	}
	return nil
}
