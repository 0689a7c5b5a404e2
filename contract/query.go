package contract

import (
	"net/url"
	"strings"
)

// query is a query string, read so that nothing is dropped: only "&" separates
// pairs, and a pair whose percent-escapes are broken is kept as it stands.
type query struct {
	names  []string
	values url.Values
	// raw are the values as they were sent.
	raw    url.Values
	broken map[string]struct{}
}

// parseQuery reads the part of a target after "?". It never fails; the empty
// text has no pairs.
func parseQuery(raw string) query {
	if raw == "" {
		return query{}
	}
	q := query{values: make(url.Values), raw: make(url.Values)}
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(pair, "=")
		name, errName := url.QueryUnescape(rawName)
		if errName != nil {
			name = rawName
		}
		value, errValue := url.QueryUnescape(rawValue)
		if errValue != nil {
			value = rawValue
		}
		if errName != nil || errValue != nil {
			if q.broken == nil {
				q.broken = make(map[string]struct{})
			}
			q.broken[name] = struct{}{}
		}
		if _, again := q.values[name]; !again {
			q.names = append(q.names, name)
		}
		q.values[name] = append(q.values[name], value)
		q.raw[name] = append(q.raw[name], rawValue)
	}
	return q
}

func (q *query) first(name string) string {
	if values := q.values[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// checkQuery reports broken escapes and names that are not declared.
func (k *check) checkQuery() {
	q := &k.values.query
	for _, name := range q.names {
		at := Location{In: PartQuery, Name: short(name)}
		if _, broken := q.broken[name]; broken {
			k.add(RuleParameterInvalid, at, k.op.scope.basis("parameters"), "has a broken percent-escape")
		}
		if !k.op.declares(name) {
			k.addAs(k.contract.config.Undeclared, RuleParameterUndeclared, at, k.op.scope.basis("parameters"), "is a query parameter that the contract does not declare")
		}
	}
}

func (op *operation) declares(name string) bool {
	if _, ok := op.query[name]; ok || op.openQuery {
		return true
	}
	for _, prefix := range op.prefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
