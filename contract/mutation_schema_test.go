package contract_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract"
)

// walker goes through a schema and a value that it describes, and breaks one
// fact after the other.
type walker struct {
	*operationUnderTest
	exchange exchange
	root     any
	at       contract.Location
	// text says that the value is sent as text, where everything is a string
	// and nothing null.
	text bool
	set  func(*exchange, any)
	// trail leads through branches to the schema, for the name of a fact.
	trail string
	// others are the findings that may stand for a fact inside a branch.
	others []place
	// above are the anyOf and oneOf above, with where: what they permit is no
	// breach.
	above []composition
	open  []*openapi3.Schema
}

type composition struct {
	schema *openapi3.Schema
	path   []string
}

// location is where a finding about the value at a path is expected.
func (w *walker) location(path []string) contract.Location {
	at := w.at
	for _, token := range path {
		at.Pointer += "/" + strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
	}
	return at
}

// send checks the message with another value.
func (w *walker) send(root any) contract.Result {
	e := w.exchange.clone()
	w.set(&e, root)
	return w.check(e)
}

// try breaks a fact of the value at a path, in each of several ways.
func (w *walker) try(what string, path []string, first place, roots ...any) {
	name := w.fact(w.exchange, w.location(path), w.trail+what)
	want := append([]place{first}, w.others...)
	tried := 0
	for _, root := range roots {
		if !w.permitted(root) {
			tried++
			w.score.try(name, want, w.send(root))
		}
	}
	if tried == 0 && len(roots) > 0 && len(w.above) > 0 {
		w.score.permitted[name] = true
		return
	}
	if tried == 0 && w.score.facts[name] == nil {
		w.score.facts[name] = &breach{want: want} // needs a waiver
	}
}

// permitted reports whether a composition above takes the value, as another of
// its branches does. kin-openapi is asked.
func (w *walker) permitted(root any) bool {
	return len(w.above) > 0 && !slices.ContainsFunc(w.above, func(c composition) bool {
		v, ok := valueAt(root, c.path)
		return ok && c.schema.VisitJSON(v) != nil
	})
}

// schema breaks everything that a schema says of the value at a path.
func (w *walker) schema(s *openapi3.Schema, path []string) {
	if len(path) > 12 || slices.Contains(w.open, s) {
		return
	}
	for _, keyword := range unknownKeywords(s) {
		w.score.problem("%s: the test knows nothing of the keyword", w.fact(w.exchange, w.location(path), w.trail+keyword))
	}
	w.open = append(w.open, s)
	defer func() { w.open = w.open[:len(w.open)-1] }()
	v, _ := valueAt(w.root, path)
	for _, k := range keywordBreakers {
		if k.states(s) && !(w.text && k.notInText(s)) {
			var roots []any
			for _, broken := range k.values(s, v) {
				roots = append(roots, replaced(w.root, path, broken))
			}
			w.try(k.name, path, place{rule: k.rule, at: w.location(path)}, roots...)
		}
	}
	w.object(s, path, v)
	if s.Items != nil {
		w.items(s, path, v)
	}
	for i, part := range s.AllOf {
		w.within(fmt.Sprintf("allOf/%d/", i), func() { w.schema(part.Value, path) })
	}
	w.branches(s, path, v)
}

// within runs a walk with a longer trail.
func (w *walker) within(step string, walk func()) {
	trail, others, above := w.trail, w.others, w.above
	w.trail += step
	walk()
	w.trail, w.others, w.above = trail, others, above
}

// object breaks the required names and the properties.
func (w *walker) object(s *openapi3.Schema, path []string, v any) {
	if _, ok := v.(map[string]any); !ok {
		return
	}
	for _, name := range s.Required {
		at := append(slices.Clone(path), name)
		w.try("required", at, place{contract.RuleRequired, w.location(path), strconv.Quote(name)}, without(w.root, at))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		at := append(slices.Clone(path), name)
		w.descend(s.Properties[name].Value, at)
	}
	extra := append(slices.Clone(path), "zzUndeclared")
	switch more := s.AdditionalProperties; {
	case more.Has != nil && !*more.Has:
		w.try("additionalProperties", path, place{rule: contract.RulePropertyForbidden, at: w.location(extra)}, replaced(w.root, extra, true))
	case more.Schema != nil:
		w.descend(more.Schema.Value, extra)
	}
}

// items breaks what is said of the first item.
func (w *walker) items(s *openapi3.Schema, path []string, v any) {
	if _, ok := v.([]any); !ok {
		return
	}
	w.descend(s.Items.Value, append(slices.Clone(path), "0"))
}

// descend goes into a part of the value, which is made where it is missing.
func (w *walker) descend(s *openapi3.Schema, path []string) {
	if _, ok := valueAt(w.root, path); ok {
		w.schema(s, path)
		return
	}
	if len(w.above) > 0 && !typed(s) && len(s.AllOf) == 0 {
		w.score.unreached = append(w.score.unreached, w.fact(w.exchange, w.location(path), w.trail))
		return
	}
	w.sampled(s, path)
}

// sampled goes into a part of the value that is made for it.
func (w *walker) sampled(s *openapi3.Schema, path []string) {
	before := w.root
	w.root = replaced(w.root, path, sample(s))
	e := w.exchange.clone()
	w.set(&e, w.root)
	if w.clean(e, "with a sample at "+w.location(path).String()) {
		w.schema(s, path)
	}
	w.root = before
}

// branches breaks an anyOf or a oneOf as a whole, and what its branches say.
func (w *walker) branches(s *openapi3.Schema, path []string, v any) {
	keyword, rule, list := "anyOf", contract.RuleAnyOf, s.AnyOf
	if len(s.OneOf) > 0 {
		keyword, rule, list = "oneOf", contract.RuleOneOf, s.OneOf
	}
	if len(list) == 0 {
		return
	}
	if s.Discriminator != nil {
		w.dispatched(s, path, v)
		return
	}
	others := w.others
	w.others = append(slices.Clone(others), place{rule: contract.RuleType, at: w.location(path)}, place{rule: contract.RuleNull, at: w.location(path)})
	w.try(keyword, path, place{rule: rule, at: w.location(path)}, w.noBranch(s, list, path, v)...)
	w.others = others
	for i, branch := range list {
		w.within(fmt.Sprintf("%s/%d/", keyword, i), func() {
			w.others = append(slices.Clone(w.others), place{rule: rule, at: w.location(path)})
			w.above = append(slices.Clone(w.above), composition{s, path})
			w.branch(branch.Value, path, v)
		})
	}
}

// branch breaks what a branch says, of a value that fits it.
func (w *walker) branch(s *openapi3.Schema, path []string, v any) {
	if s.Type == nil || s.VisitJSON(plain(v)) == nil {
		w.schema(s, path)
		return
	}
	w.sampled(s, path)
}

// dispatched breaks the property that chooses a branch, and the branch that it
// chooses.
func (w *walker) dispatched(s *openapi3.Schema, path []string, v any) {
	name := s.Discriminator.PropertyName
	at := append(slices.Clone(path), name)
	choice := place{rule: contract.RuleDiscriminator, at: w.location(path), name: strconv.Quote(name)}
	w.try("discriminator", path, choice, replaced(w.root, at, "zz-unknown"), without(w.root, at), replaced(w.root, at, true))
	object, _ := v.(map[string]any)
	chosen, _ := object[name].(string)
	ref := s.Discriminator.Mapping[chosen].Ref
	for i, branch := range slices.Concat(s.OneOf, s.AnyOf) {
		if branch.Ref == ref || strings.HasSuffix(branch.Ref, ref) {
			w.within(fmt.Sprintf("oneOf/%d/", i), func() {
				w.others = append(slices.Clone(w.others), choice, place{rule: contract.RuleOneOf, at: w.location(path)})
				w.schema(branch.Value, path)
			})
			return
		}
	}
	w.score.problem("%s %s: no branch for %q", w.name, w.id, chosen)
}

// noBranch are values that fit none of the branches. kin-openapi is asked.
func (w *walker) noBranch(s *openapi3.Schema, list openapi3.SchemaRefs, path []string, v any) (out []any) {
	candidates := []any{}
	if object, ok := v.(map[string]any); ok {
		combined := []map[string]any{object}
		for _, branch := range list {
			var next []map[string]any
			for _, from := range combined {
				next = append(next, branchBroken(branch.Value, from)...)
			}
			combined = next
		}
		for _, c := range combined {
			candidates = append(candidates, c)
		}
	} else {
		candidates = append(candidates, true, "zz", number("1.5"), []any{}, map[string]any{}, nil)
	}
	only := &openapi3.Schema{AnyOf: s.AnyOf, OneOf: s.OneOf}
	for _, c := range candidates {
		if c == nil && w.text || only.VisitJSON(plain(c)) == nil {
			continue
		}
		out = append(out, replaced(w.root, path, c))
	}
	return out
}

// branchBroken are objects that do not fit a branch which speaks of required
// names and of properties.
func branchBroken(s *openapi3.Schema, from map[string]any) (out []map[string]any) {
	for _, name := range s.Required {
		with := maps.Clone(from)
		delete(with, name)
		out = append(out, with)
	}
	for name, p := range s.Properties {
		for _, k := range keywordBreakers {
			if !k.states(p.Value) {
				continue
			}
			for _, broken := range append(k.values(p.Value, from[name]), "sales_automation", "add") {
				with := maps.Clone(from)
				with[name] = broken
				out = append(out, with)
			}
		}
	}
	return out
}

// valueAt is the value at a path.
func valueAt(root any, path []string) (any, bool) {
	for _, token := range path {
		switch at := root.(type) {
		case map[string]any:
			v, ok := at[token]
			if !ok {
				return nil, false
			}
			root = v
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i >= len(at) {
				return nil, false
			}
			root = at[i]
		default:
			return nil, false
		}
	}
	return root, true
}

// replaced is the value with another at a path. Where an array is too short, it
// grows.
func replaced(root any, path []string, v any) any {
	if len(path) == 0 {
		return v
	}
	switch at := root.(type) {
	case map[string]any:
		out := maps.Clone(at)
		out[path[0]] = replaced(at[path[0]], path[1:], v)
		return out
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil {
			return root
		}
		out := slices.Clone(at)
		for len(out) <= i {
			out = append(out, nil)
		}
		out[i] = replaced(out[i], path[1:], v)
		return out
	default:
		return root
	}
}

// without is the value without the member at a path.
func without(root any, path []string) any {
	parent, ok := valueAt(root, path[:len(path)-1])
	object, isObject := parent.(map[string]any)
	if !ok || !isObject {
		return root
	}
	with := maps.Clone(object)
	delete(with, path[len(path)-1])
	return replaced(root, path[:len(path)-1], with)
}
