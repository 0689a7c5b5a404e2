package contract

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/jsonscan"
)

// isOpaque reports a schema that says no more than that there are bytes.
func isOpaque(v *openapi3.Schema) bool {
	plain := v.Type == nil || v.Type.Is("string")
	return plain && v.MinLength == 0 && v.MaxLength == nil && v.Pattern == "" && len(v.Enum) == 0 &&
		len(sameValue(v)) == 0 && len(v.Properties) == 0 && len(v.Required) == 0
}

// anyBytes takes every body.
type anyBytes struct{}

func (anyBytes) accepts([]byte) bool { return true }

func (anyBytes) collect(*check, *site, string, []byte) Account { return AccountValidated }

// kinJSON checks JSON with our own scan first and kin-openapi's validator on the
// decoded value.
type kinJSON struct{}

func (kinJSON) accepts([]byte) bool { return false }

func (kinJSON) collect(k *check, s *site, _ string, body []byte) Account {
	scan := jsonscan.Scan(body, k.contract.config.MaxDepth, maxKept)
	k.reportScan(s, scan)
	if !scan.Decodable {
		return AccountUndecodable
	}
	decoder := json.NewDecoder(bytes.NewReader(body[:scan.End]))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		k.add(RuleJSONSyntax, s.at, s.scope.basis(""), "cannot be decoded")
		return AccountUndecodable
	}
	faults := k.contract.kinValue(s, value, k.incoming())
	u := undeclared{schemas: s.schemas, limit: maxKept, others: faults, twinsAlone: k.contract.config.Undeclared == SeverityOff}
	u.walk(oneSchema(s.schema), value, nil)
	k.report(s, slices.DeleteFunc(faults, u.twin))
	k.report(s, slices.DeleteFunc(u.faults, func(f fault) bool { return f.rule == RuleJSONCaseTwin && k.found(f.rule, f.pointer) }))
	return AccountValidated
}

// found reports whether there is a finding of a rule in the body already.
func (k *check) found(rule Rule, pointer string) bool {
	return slices.ContainsFunc(k.findings, func(f Finding) bool {
		return f.Rule == rule && f.Location.In == PartBody && f.Location.Pointer == pointer
	})
}
