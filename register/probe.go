package register

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/ext"
)

// Limits bound the evaluation of probes. The zero value means the defaults.
type Limits struct {
	// Cost is how much one expression may cost in the units of cel-go, about
	// one per operation and element visited; 0 means 100,000.
	Cost uint64
	// Time is how long one Vote may take; 0 means 250 milliseconds.
	Time time.Duration
}

const (
	defaultCost = 100_000
	defaultTime = 250 * time.Millisecond
	// interruptEvery is how many comprehension steps pass between looks at
	// the context.
	interruptEvery = 100
)

// withDefaults replaces zeros by the defaults.
func (l Limits) withDefaults() Limits {
	if l.Cost == 0 {
		l.Cost = defaultCost
	}
	if l.Time <= 0 {
		l.Time = defaultTime
	}
	return l
}

// Probes are the compiled probes of a register. They are immutable and safe
// for concurrent use.
type Probes struct {
	time        time.Duration
	byOperation map[string][]*compiled
	anywhere    []*compiled
}

// compiled is the probe of one reading.
type compiled struct {
	entry             *Entry
	reading           string
	supports, refutes cel.Program
}

// Compile compiles the probes of all readings. The error names each entry and
// reading whose expression is not valid or is not a condition.
func (r *Register) Compile(limits Limits) (*Probes, error) {
	limits = limits.withDefaults()
	env, err := environment()
	if err != nil {
		return nil, fmt.Errorf("compile probes: %w", err)
	}
	p := &Probes{time: limits.Time, byOperation: map[string][]*compiled{}}
	var problems []error
	for i := range r.entries {
		entry := &r.entries[i]
		for _, reading := range entry.Readings {
			if reading.Probe == (Probe{}) {
				continue
			}
			c := &compiled{entry: entry, reading: reading.ID}
			var first, second error
			c.supports, first = program(env, reading.Probe.Supports, limits.Cost)
			c.refutes, second = program(env, reading.Probe.Refutes, limits.Cost)
			if err := errors.Join(first, second); err != nil {
				problems = append(problems, fmt.Errorf("compile the probe of %s=%s: %w", entry.ID, reading.ID, err))
			}
			p.place(c)
		}
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return p, nil
}

// place files a probe under the operations it is asked about.
func (p *Probes) place(c *compiled) {
	if len(c.entry.Operations) == 0 {
		p.anywhere = append(p.anywhere, c)
	}
	for _, operation := range c.entry.Operations {
		p.byOperation[operation] = append(p.byOperation[operation], c)
	}
}

// environment declares the variables of the package comment.
func environment() (*cel.Env, error) {
	object := cel.MapType(cel.StringType, cel.DynType)
	return cel.NewEnv(
		cel.Variable("operation", cel.StringType),
		cel.Variable("request", object),
		cel.Variable("response", object),
		cel.Variable("callback", object),
		cel.Variable("history", cel.ListType(object)),
		cel.CrossTypeNumericComparisons(true),
		ext.Strings(),
	)
}

// program compiles one expression; an empty one gives nil.
func program(env *cel.Env, expression string, cost uint64) (cel.Program, error) {
	if expression == "" {
		return nil, nil
	}
	ast, issues := env.Compile(expression)
	if err := issues.Err(); err != nil {
		return nil, err
	}
	if t := ast.OutputType(); !t.IsExactType(cel.BoolType) && !t.IsExactType(cel.DynType) {
		return nil, fmt.Errorf("%q is a %s, want a condition", expression, t)
	}
	return env.Program(ast,
		cel.CostLimit(cost),
		cel.InterruptCheckFrequency(interruptEvery),
		cel.EvalOptions(cel.OptOptimize),
	)
}

// concerned are the probes that are asked about an exchange, each once.
func (p *Probes) concerned(x *Exchange) []*compiled {
	var list []*compiled
	for _, c := range p.anywhere {
		if x.Contract == "" || slices.Contains(c.entry.Contracts, x.Contract) {
			list = append(list, c)
		}
	}
	list = append(list, p.byOperation[x.Operation]...)
	if x.Callback == nil || x.Callback.Operation == x.Operation {
		return list
	}
	for _, c := range p.byOperation[x.Callback.Operation] {
		if !slices.Contains(c.entry.Operations, x.Operation) {
			list = append(list, c)
		}
	}
	return list
}

// holds evaluates one expression: anything but true is false.
func holds(ctx context.Context, program cel.Program, vars map[string]any) (yes bool, err error) {
	if program == nil {
		return false, nil
	}
	value, _, err := program.ContextEval(ctx, vars)
	if err != nil {
		return false, err
	}
	yes, _ = value.Value().(bool)
	return yes, nil
}
