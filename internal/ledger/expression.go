package ledger

import (
	"fmt"
	"regexp"
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// runtimeExpression is one {$...} of a callback's key.
var runtimeExpression = regexp.MustCompile(`\{\$([^}]*)\}`)

// checkExpressions looks up every runtime expression of the operation's
// callbacks in its own request.
func (b *balance) checkExpressions(op *Operation) {
	callbacks := b.docs.member(op.at, "callbacks")
	if callbacks.node == nil {
		return
	}
	members(callbacks.node, func(name string, _ *yaml.Node) {
		at := op.where() + " " + name
		callback := b.docs.member(callbacks, name)
		found := 0
		members(callback.node, func(key string, _ *yaml.Node) {
			if strings.HasPrefix(key, "x-") {
				return
			}
			for _, match := range runtimeExpression.FindAllStringSubmatch(key, -1) {
				found++
				if problem := b.resolveExpression(op, match[1]); problem != "" {
					b.hole(KindExpression, at, problem)
				}
			}
		})
		b.ledger.Expressions += found
		if found == 0 {
			b.hole(KindExpression, at, "its URL holds no {$request...} expression")
		}
	})
}

// resolveExpression says what is wrong with an expression, empty for nothing.
func (b *balance) resolveExpression(op *Operation, expression string) string {
	kind, name, _ := strings.Cut(strings.TrimPrefix(expression, "request."), ".")
	if pointer, ok := strings.CutPrefix(expression, "request.body#/"); ok {
		path := strings.ReplaceAll(pointer, "/", ".")
		if len(b.bodyFields(b.docs.member(op.at, "requestBody"), "", path)) == 0 {
			return fmt.Sprintf("the request body has no %s", path)
		}
		return ""
	}
	if !strings.HasPrefix(expression, "request.") || (kind != "query" && kind != "header" && kind != "path") {
		return fmt.Sprintf("{$%s} is not part of the request's body or parameters", expression)
	}
	if b.parameter(op, kind, name).node == nil {
		return fmt.Sprintf("the request has no %s parameter %s", kind, name)
	}
	return ""
}
