package contract_test

import (
	"fmt"
	"math/rand/v2"
)

// generator makes random schemas and values that have something to do with
// them: few names, few values, so that constraints meet.
type generator struct {
	*rand.Rand
	// modern allows the keywords of JSON Schema 2020-12.
	modern bool
	// current is the definition being made, -1 for the root. A schema for the
	// same value refers only to later ones, so that none is its own part.
	current int
	below   bool
}

var (
	randomNames    = []string{"a", "b", "c", "A", "kind", "naïve", "x-y"}
	randomStrings  = []any{"", "a", "ab", "abc", "x1", "é", "日本", "😀", "10", "2024-02-29", "x y"}
	randomNumbers  = []any{0, 1, 2, 3, -1, 2.5, 10, 100, 0.1, 1e3, -7.25}
	randomPatterns = []string{"^a", "b$", "^[a-z]+$", "^.{2}$", "[0-9]", "^(a|x1)$", "^x-", `^\S*$`, `^(?!a)`, `\bab\b`}
	randomTypes    = []string{"string", "integer", "number", "boolean", "array", "object"}
)

func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

// definitions is how many schemas may be referred to.
const definitions = 3

// root makes a schema with its definitions.
func (g *generator) root() map[string]any {
	g.current = -1
	root, ok := g.schema(3).(map[string]any)
	if !ok {
		root = map[string]any{}
	}
	defs := map[string]any{}
	for g.current = range definitions {
		defs[fmt.Sprintf("d%d", g.current)] = g.schema(2)
	}
	root["$defs"] = defs
	return root
}

// part makes a schema for a part of the value.
func (g *generator) part(depth int) any {
	below := g.below
	g.below = true
	s := g.schema(depth)
	g.below = below
	return s
}

// chance is true once in n.
func (g *generator) chance(n int) bool { return g.IntN(n) == 0 }

// schema makes a schema; definitions may be referred to.
func (g *generator) schema(depth int) any {
	if g.modern && g.chance(25) {
		return g.chance(3)
	}
	first := g.current + 1
	if g.below {
		first = 0
	}
	if first < definitions && (depth <= 0 && g.chance(3) || g.chance(12)) {
		return map[string]any{"$ref": fmt.Sprintf("#/$defs/d%d", first+g.IntN(definitions-first))}
	}
	s := map[string]any{}
	if !g.chance(5) {
		g.addType(s)
	}
	for range 1 + g.IntN(3) {
		switch g.IntN(9) {
		case 0, 1:
			g.addString(s)
		case 2:
			g.addNumber(s)
		case 3:
			g.addEnum(s)
		case 4, 5, 6:
			g.addObject(s, depth)
		case 7:
			g.addArray(s, depth)
		case 8:
			g.addComposition(s, depth)
		}
	}
	return s
}

func (g *generator) addType(s map[string]any) {
	if g.modern && g.chance(4) {
		s["type"] = []any{pick(g, randomTypes), "null"}
		return
	}
	s["type"] = pick(g, randomTypes)
	if !g.modern && g.chance(6) {
		s["nullable"] = true
	}
}

func (g *generator) addString(s map[string]any) {
	switch g.IntN(3) {
	case 0:
		s["minLength"] = g.IntN(3)
	case 1:
		s["maxLength"] = g.IntN(4)
	case 2:
		s["pattern"] = pick(g, randomPatterns)
	}
}

func (g *generator) addNumber(s map[string]any) {
	switch g.IntN(4) {
	case 0:
		s["minimum"] = pick(g, randomNumbers)
	case 1:
		s["maximum"] = pick(g, randomNumbers)
	case 2:
		s["multipleOf"] = pick(g, []any{1, 2, 0.1, 2.5, 0.25})
	case 3:
		if g.modern {
			s[pick(g, []string{"exclusiveMinimum", "exclusiveMaximum"})] = pick(g, randomNumbers)
			return
		}
		s["minimum"], s["exclusiveMinimum"] = pick(g, randomNumbers), true
	}
}

func (g *generator) addEnum(s map[string]any) {
	if g.modern && g.chance(3) {
		s["const"] = g.value(1)
		return
	}
	var values []any
	for range 1 + g.IntN(3) {
		values = append(values, g.value(1))
	}
	s["enum"] = values
}

func (g *generator) names() []any {
	var out []any
	seen := map[string]bool{}
	for range 1 + g.IntN(3) {
		if name := pick(g, randomNames); !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}

func (g *generator) schemaMap(keys []string, depth int, make func(int) any) map[string]any {
	m := map[string]any{}
	for range 1 + g.IntN(3) {
		m[pick(g, keys)] = make(depth - 1)
	}
	return m
}

func (g *generator) addObject(s map[string]any, depth int) {
	limit := 6
	if g.modern {
		limit = 12
	}
	switch g.IntN(limit) {
	case 0, 1:
		s["properties"] = g.schemaMap(randomNames, depth, g.part)
	case 2:
		s["required"] = g.names()
	case 3:
		if g.chance(2) {
			s["additionalProperties"] = g.chance(3)
			return
		}
		s["additionalProperties"] = g.part(depth - 1)
	case 4:
		s["minProperties"] = g.IntN(3)
	case 5:
		s["maxProperties"] = g.IntN(4)
	case 6:
		s["patternProperties"] = g.schemaMap(randomPatterns, depth, g.part)
	case 7:
		s["propertyNames"] = g.part(depth - 1)
	case 8:
		s["dependentRequired"] = map[string]any{pick(g, randomNames): g.names()}
	case 9:
		s["dependentSchemas"] = g.schemaMap(randomNames, depth, g.schema)
	case 10, 11:
		s["unevaluatedProperties"] = g.part(depth - 1)
		if g.chance(2) {
			s["unevaluatedProperties"] = false
		}
	}
}

func (g *generator) addArray(s map[string]any, depth int) {
	limit := 4
	if g.modern {
		limit = 8
	}
	switch g.IntN(limit) {
	case 0:
		s["items"] = g.part(depth - 1)
	case 1:
		s["minItems"] = g.IntN(3)
	case 2:
		s["maxItems"] = g.IntN(4)
	case 3:
		s["uniqueItems"] = true
	case 4:
		s["prefixItems"] = []any{g.part(depth - 1), g.part(depth - 1)}
	case 5:
		s["contains"] = g.part(depth - 1)
	case 6:
		s["contains"] = g.part(depth - 1)
		s["minContains"], s["maxContains"] = g.IntN(2), 1+g.IntN(2)
	case 7:
		s["unevaluatedItems"] = g.part(depth - 1)
		if g.chance(2) {
			s["unevaluatedItems"] = false
		}
	}
}

func (g *generator) addComposition(s map[string]any, depth int) {
	list := func() []any {
		var out []any
		for range 1 + g.IntN(3) {
			out = append(out, g.schema(depth-1))
		}
		return out
	}
	limit := 5
	if g.modern {
		limit = 6
	}
	switch g.IntN(limit) {
	case 0:
		s["allOf"] = list()
	case 1:
		s["anyOf"] = list()
	case 2:
		s["oneOf"] = list()
	case 3:
		s["not"] = g.schema(depth - 1)
	case 4:
		s["oneOf"] = g.tagged(depth)
	case 5:
		s["if"], s["then"] = g.schema(depth-1), g.schema(depth-1)
		if g.chance(2) {
			s["else"] = g.schema(depth - 1)
		}
	}
}

// tagged makes branches that a property tells apart.
func (g *generator) tagged(depth int) []any {
	var out []any
	for _, tag := range []string{"a", "ab"} {
		s := map[string]any{
			"type": "object", "required": []any{"kind"},
			"properties": map[string]any{"kind": map[string]any{"enum": []any{tag}}, "a": g.part(depth - 1)},
		}
		out = append(out, s)
	}
	return out
}

// value makes a value.
func (g *generator) value(depth int) any {
	n := 8
	if depth <= 0 {
		n = 5
	}
	switch g.IntN(n) {
	case 0:
		return nil
	case 1:
		return g.chance(2)
	case 2:
		return pick(g, randomNumbers)
	case 3, 4:
		return pick(g, randomStrings)
	case 5:
		list := []any{}
		for range g.IntN(4) {
			list = append(list, g.value(depth-1))
		}
		return list
	default:
		m := map[string]any{}
		for range g.IntN(5) {
			m[pick(g, randomNames)] = g.value(depth - 1)
		}
		return m
	}
}
