package domain

// Agent is an AI that answers the messages of a channel.
type Agent struct {
	ID   string `json:"id" yaml:"id"`
	Name string `json:"name" yaml:"name"`
	// Inactive agents answer nothing, and nobody is told.
	Inactive bool `json:"inactive,omitempty" yaml:"inactive,omitempty"`
}
