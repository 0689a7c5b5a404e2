package contract

import (
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/jsonscan"
)

// undeclared collects the properties of a value that no schema names although
// some declare properties, save those that the schema check refused, and those
// that differ from a declared one in case alone.
type undeclared struct {
	schemas *schemas
	faults  []fault
	limit   int
	// twinsAlone leaves out those that are merely undeclared.
	twinsAlone bool
	// others are the faults that the schema check found.
	others []fault
}

// forbidden reports whether the schema check already refused a property.
func (u *undeclared) forbidden(pointer string) bool {
	return slices.ContainsFunc(u.others, func(f fault) bool {
		return f.rule == RulePropertyForbidden && f.pointer == pointer
	})
}

// twin reports a fault that says again of a case twin that it is not allowed.
func (u *undeclared) twin(f fault) bool {
	return f.rule == RulePropertyForbidden && slices.ContainsFunc(u.faults, func(t fault) bool {
		return t.rule == RuleJSONCaseTwin && t.pointer == f.pointer
	})
}

func (u *undeclared) walk(set []*openapi3.Schema, value any, pointer []byte) {
	if len(u.faults) >= u.limit || len(set) == 0 {
		return
	}
	set = u.schemas.applicable(set)
	switch value := value.(type) {
	case []any:
		for i, item := range value {
			below, _, _ := u.schemas.below(set, strconv.Itoa(i))
			u.walk(below, item, strconv.AppendInt(append(pointer, '/'), int64(i), 10))
		}
	case map[string]any:
		u.members(set, value, pointer)
	}
}

func (u *undeclared) members(set []*openapi3.Schema, value map[string]any, pointer []byte) {
	for _, name := range sortedKeys(value) {
		item := value[name]
		if isScalar(item) && u.schemas.names(set, name) {
			continue
		}
		at := jsonscan.AppendToken(append(pointer, '/'), name)
		below, declared, open := u.schemas.below(set, name)
		f := fault{pointer: string(at), value: string(pointer), schema: set[0], keyword: "additionalProperties", item: name}
		switch near := caseTwin(set, name); {
		case near != "" && !u.schemas.names(set, name):
			f.rule, f.message = RuleJSONCaseTwin, "differs only in case from the declared "+strconv.Quote(near)
		case !declared && !open && !u.twinsAlone && !u.forbidden(string(at)):
			f.rule, f.message = RulePropertyUndeclared, "is a property that the contract does not declare"
		}
		if f.rule != "" {
			u.faults = append(u.faults, f)
			if len(u.faults) >= u.limit {
				return
			}
		}
		u.walk(below, item, at)
	}
}

func isScalar(value any) bool {
	switch value.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}

// caseTwin is the declared name that differs from name only in case.
func caseTwin(set []*openapi3.Schema, name string) string {
	for _, v := range set {
		for _, declared := range sortedNames(v.Properties) {
			if strings.EqualFold(declared, name) {
				return declared
			}
		}
	}
	return ""
}
