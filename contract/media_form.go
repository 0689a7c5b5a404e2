package contract

import (
	"bytes"
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/form"
)

// maxFields is the most fields of a form that are looked at.
const maxFields = 10_000

// formBody checks application/x-www-form-urlencoded.
type formBody struct {
	made    *made
	layouts map[string]form.Layout
}

// usualField is how a field is written of which the contract says nothing:
// repeated for arrays, JSON for objects.
func usualField() form.Layout {
	return form.Layout{Style: form.Form, Explode: true, Escape: form.Query, JSON: true}
}

func (c *Contract) newFormBody(s *site, source *openapi3.MediaType, where string, incoming bool) bodyChecker {
	m := c.newMade(s, where, incoming)
	b := &formBody{made: m, layouts: make(map[string]form.Layout)}
	for name, encoding := range source.Encoding {
		if encoding == nil || encoding.Style == "" && encoding.Explode == nil && !encoding.AllowReserved {
			continue
		}
		method := encoding.SerializationMethod()
		l := form.Layout{Style: form.StyleOf(method.Style, form.Form), Explode: method.Explode, Escape: form.Query}
		if encoding.AllowReserved {
			l.Escape = form.Percent
		}
		b.layouts[name] = l
	}
	return b
}

func (*formBody) accepts([]byte) bool { return false }

func (b *formBody) collect(k *check, s *site, contentType string, body []byte) Account {
	if bytes.Count(body, []byte("&")) >= maxFields {
		k.tooLargeAs(s.at, s.scope, fmt.Sprintf("has more than %d fields and was not checked", maxFields))
		return AccountTooLarge
	}
	k.checkCharset(s, contentType)
	v := form.ParsePairs(string(body)).Body(b.made.shape, b.layouts, usualField())
	k.keepAll(k.settle(b.made, v, bodyProblem), "")
	return AccountValidated
}
