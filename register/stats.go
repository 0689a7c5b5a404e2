package register

// Stats are the numbers of a register.
type Stats struct {
	Entries  int `json:"entries"`
	Readings int `json:"readings"`
	// Probes counts readings with at least one expression.
	Probes int `json:"probes"`
	// Overlays counts readings that change a contract.
	Overlays int `json:"overlays"`
	// Unsettleable counts entries that traffic cannot settle.
	Unsettleable int `json:"unsettleable"`
}

// Stats counts.
func (r *Register) Stats() Stats {
	s := Stats{Entries: len(r.entries)}
	for i := range r.entries {
		if r.entries[i].Unsettleable != "" {
			s.Unsettleable++
		}
		for _, reading := range r.entries[i].Readings {
			s.Readings++
			if reading.Probe != (Probe{}) {
				s.Probes++
			}
			if reading.Overlay != "" {
				s.Overlays++
			}
		}
	}
	return s
}
