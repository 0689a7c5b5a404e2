package register

import (
	"context"
	"strings"
)

// Outcome is how an exchange votes on a reading.
type Outcome string

// The outcomes.
const (
	OutcomeSupports   Outcome = "supports"
	OutcomeRefutes    Outcome = "refutes"
	OutcomeCannotTell Outcome = "cannot-tell"
)

// Trouble says that an outcome is OutcomeCannotTell for want of a good probe
// and not for want of evidence.
type Trouble string

// The troubles.
const (
	// TroubleContradiction is a probe that both supports and refutes.
	TroubleContradiction Trouble = "contradiction"
	// TroubleLimit is a probe that was stopped by its limits.
	TroubleLimit Trouble = "limit"
)

// Vote is the vote of one exchange on one reading.
type Vote struct {
	// Entry and Reading are ids.
	Entry   string  `json:"entry"`
	Reading string  `json:"reading"`
	Outcome Outcome `json:"outcome"`
	// Trouble is empty unless the probe is to blame.
	Trouble Trouble `json:"trouble,omitempty"`
}

// Key names the reading, such as A-33=b.
func (v Vote) Key() Key { return Key{Entry: v.Entry, Reading: v.Reading} }

// Vote asks the probes of every entry that concerns the exchange. Readings
// without a probe, and entries about other operations, are not among the votes.
// The exchange is only read. A probe that fails has OutcomeCannotTell; when ctx
// ends or the time limit passes, so have all that are left, with TroubleLimit.
func (p *Probes) Vote(ctx context.Context, x *Exchange) []Vote {
	concerned := p.concerned(x)
	if len(concerned) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, p.time)
	defer cancel()
	vars := x.variables()
	votes := make([]Vote, len(concerned))
	for i, c := range concerned {
		votes[i] = c.vote(ctx, vars)
	}
	return votes
}

// vote evaluates both expressions of one probe.
func (c *compiled) vote(ctx context.Context, vars map[string]any) Vote {
	v := Vote{Entry: c.entry.ID, Reading: c.reading, Outcome: OutcomeCannotTell}
	if ctx.Err() != nil {
		v.Trouble = TroubleLimit
		return v
	}
	supports, first := holds(ctx, c.supports, vars)
	refutes, second := holds(ctx, c.refutes, vars)
	switch {
	case supports && refutes:
		v.Trouble = TroubleContradiction
	case limited(ctx, first) || limited(ctx, second):
		v.Trouble = TroubleLimit
	case supports:
		v.Outcome = OutcomeSupports
	case refutes:
		v.Outcome = OutcomeRefutes
	}
	return v
}

// limited tells a limit from a field that is missing. cel-go has no error value
// for its cost limit.
func limited(ctx context.Context, err error) bool {
	return err != nil && (ctx.Err() != nil || strings.Contains(err.Error(), "actual cost limit exceeded"))
}
