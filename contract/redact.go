package contract

import (
	"bytes"
	"encoding/json"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/jsonscan"
)

// RedactBody returns body with every value replaced that could be somebody's
// data, and the JSON Pointers of what was replaced. Strings become "redacted",
// numbers 0; booleans, nulls, enum values and the structure stay. A property
// marked x-sensitive: false in the document is kept too, as are the items of
// such an array; the members of an object speak for themselves. A property that
// is marked x-sensitive: true or is not declared is always replaced: booleans
// by false, objects and arrays by empty ones. The names of members stay.
//
// ok is false when the body is not JSON the contract can walk: nothing of it
// may be kept then. That is so for a nil operation, for a body or status that
// is not declared or has no schema, for JSON that is broken or too deep, and
// for a body beyond Config.MaxBodyBytes. status is 0 for a request.
func (c *Contract) RedactBody(op *Operation, status int, contentType string, body []byte) (redacted []byte, pointers []string, ok bool) {
	root := c.bodySchema(op, status, contentType)
	if root == nil || len(body) > c.config.MaxBodyBytes {
		return nil, nil, false
	}
	scan := jsonscan.Scan(body, c.config.MaxDepth, maxKept)
	if !scan.Decodable || len(bytes.TrimSpace(body[scan.End:])) > 0 {
		return nil, nil, false
	}
	r := redactor{schemas: c.schemas, in: json.NewDecoder(bytes.NewReader(body))}
	r.in.UseNumber()
	if err := r.value([]*openapi3.Schema{root}, nil, inherit); err != nil {
		return nil, nil, false
	}
	return r.out, r.pointers, true
}

// bodySchema is the schema of a JSON body, nil when there is none.
func (c *Contract) bodySchema(op *Operation, status int, contentType string) *openapi3.Schema {
	if op == nil {
		return nil
	}
	compiled := c.find(op.ID)
	if compiled == nil {
		return nil
	}
	declared := compiled.body
	if status != 0 {
		r := compiled.response(status)
		if r == nil {
			return nil
		}
		declared = r.body
	}
	if declared == nil {
		return nil
	}
	name, _, err := mime.ParseMediaType(contentType)
	if err != nil || !isJSON(name) {
		return nil
	}
	m := declared.choose(contentType)
	if m == nil || m.site.schema == nil {
		return nil
	}
	return m.site.schema.Value
}

// keeping is what is to happen to a value.
type keeping int

const (
	// inherit leaves it to the schema: booleans and enum values are kept.
	inherit keeping = iota
	// keep keeps a scalar as it is, or the scalars of an array.
	keep
	// replace replaces whatever it is.
	replace
)

// redactor copies JSON from in to out, token by token.
type redactor struct {
	schemas  *schemas
	in       *json.Decoder
	out      []byte
	pointers []string
}

// value copies one value that the schemas of set describe.
func (r *redactor) value(set []*openapi3.Schema, pointer []byte, how keeping) error {
	set = r.schemas.applicable(set)
	for _, v := range set {
		sensitive, said := isSensitive(v.Extensions)
		switch {
		case sensitive:
			how = replace
		case said && how != replace:
			how = keep
		}
	}
	token, err := r.in.Token()
	if err != nil {
		return err
	}
	switch t := token.(type) {
	case json.Delim:
		if how == replace {
			return r.skip(t, pointer)
		}
		if t == '{' {
			return r.object(set, pointer)
		}
		return r.array(set, pointer, how)
	default:
		r.scalar(set, t, pointer, how)
		return nil
	}
}

func (r *redactor) object(set []*openapi3.Schema, pointer []byte) error {
	r.out = append(r.out, '{')
	for first := true; r.in.More(); first = false {
		token, err := r.in.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		if !first {
			r.out = append(r.out, ',')
		}
		r.out = append(appendString(r.out, name), ':')
		below, declared, _ := r.schemas.below(set, name)
		how := inherit
		if !declared {
			how = replace
		}
		if err := r.value(below, jsonscan.AppendToken(append(slices.Clip(pointer), '/'), name), how); err != nil {
			return err
		}
	}
	r.out = append(r.out, '}')
	_, err := r.in.Token()
	return err
}

func (r *redactor) array(set []*openapi3.Schema, pointer []byte, how keeping) error {
	r.out = append(r.out, '[')
	for i := 0; r.in.More(); i++ {
		if i > 0 {
			r.out = append(r.out, ',')
		}
		below, declared, _ := r.schemas.below(set, strconv.Itoa(i))
		item := how
		if !declared {
			item = replace
		}
		if err := r.value(below, strconv.AppendInt(append(slices.Clip(pointer), '/'), int64(i), 10), item); err != nil {
			return err
		}
	}
	r.out = append(r.out, ']')
	_, err := r.in.Token()
	return err
}

// skip reads the rest of an object or array and writes an empty one.
func (r *redactor) skip(open json.Delim, pointer []byte) error {
	for depth := 1; depth > 0; {
		token, err := r.in.Token()
		if err != nil {
			return err
		}
		if d, ok := token.(json.Delim); ok {
			switch d {
			case '{', '[':
				depth++
			default:
				depth--
			}
		}
	}
	r.replaced(pointer)
	if open == '{' {
		r.out = append(r.out, "{}"...)
	} else {
		r.out = append(r.out, "[]"...)
	}
	return nil
}

func (r *redactor) replaced(pointer []byte) { r.pointers = append(r.pointers, string(pointer)) }

func (r *redactor) scalar(set []*openapi3.Schema, token any, pointer []byte, how keeping) {
	if token == nil {
		r.out = append(r.out, "null"...)
		return
	}
	kept := how == keep || how == inherit && isEnumValue(set, token)
	switch t := token.(type) {
	case bool:
		if how == replace {
			r.replaced(pointer)
			t = false
		}
		r.out = strconv.AppendBool(r.out, t)
	case json.Number:
		if kept {
			r.out = append(r.out, t...)
			return
		}
		r.replaced(pointer)
		r.out = append(r.out, '0')
	case string:
		if kept {
			r.out = appendString(r.out, t)
			return
		}
		r.replaced(pointer)
		r.out = append(r.out, `"redacted"`...)
	}
}

// isEnumValue reports whether a scalar is one that the contract itself lists.
func isEnumValue(set []*openapi3.Schema, token any) bool {
	same := func(listed any) bool {
		if n, ok := token.(json.Number); ok {
			f, err := n.Float64()
			return err == nil && listed == f
		}
		return listed == token
	}
	return slices.ContainsFunc(set, func(v *openapi3.Schema) bool {
		return slices.ContainsFunc(v.Enum, same) || v.Const != nil && same(v.Const)
	})
}

// appendString writes a JSON string. Decoded strings are valid UTF-8, so that
// encoding cannot fail; characters that only matter in HTML stay as they are.
func appendString(out []byte, text string) []byte {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		return append(out, `""`...)
	}
	return append(out, strings.TrimSuffix(b.String(), "\n")...)
}
