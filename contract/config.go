package contract

// Config sets the limits of a Contract. The zero value is ready to use.
type Config struct {
	// MaxBodyBytes is the largest body that is checked; larger ones are
	// accounted for as too large. Default 1 MiB (1 << 20).
	MaxBodyBytes int
	// MaxStreamBytes is the longest body that is read from a BodyReader without
	// being held, and the most it may expand to. What has to be held of it stays
	// within MaxBodyBytes. Default 1 GiB (1 << 30).
	MaxStreamBytes int64
	// MaxDepth is the deepest nesting of a JSON body. Default 100.
	MaxDepth int
	// MaxFindings caps the findings of one message. Default 20.
	MaxFindings int
	// MaxHeaders is the most header fields a message may have before that
	// itself is a finding and the headers are no longer looked at one by one.
	// Default 500.
	MaxHeaders int
	// Undeclared is the severity of body properties and query parameters that
	// the contract does not declare where it allows others. Default
	// SeverityWarning; "off" says nothing of them.
	Undeclared Severity
}

// SeverityOff switches a configurable finding off.
const SeverityOff Severity = "off"

// withDefaults returns the configuration with every zero field set.
func (c Config) withDefaults() Config {
	if c.MaxBodyBytes == 0 {
		c.MaxBodyBytes = 1 << 20
	}
	if c.MaxStreamBytes == 0 {
		c.MaxStreamBytes = 1 << 30
	}
	if c.MaxDepth == 0 {
		c.MaxDepth = 100
	}
	if c.MaxFindings == 0 {
		c.MaxFindings = 20
	}
	if c.MaxHeaders == 0 {
		c.MaxHeaders = 500
	}
	if c.Undeclared == "" {
		c.Undeclared = SeverityWarning
	}
	return c
}
