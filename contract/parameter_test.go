package contract_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

const styles = head + `paths:
  /label/{v}: {get: {operationId: label, parameters: [{name: v, in: path, required: true, style: label, schema: {type: integer}}], responses: {'200': {description: y}}}}
  /matrix/{v}: {get: {operationId: matrix, parameters: [{name: v, in: path, required: true, style: matrix, schema: {type: integer}}], responses: {'200': {description: y}}}}
  /list/{v}: {get: {operationId: list, parameters: [{name: v, in: path, required: true, schema: {type: array, items: {type: integer}}}], responses: {'200': {description: y}}}}
  /spread:
    get:
      operationId: spread
      parameters:
        - {name: page, in: query, required: true, schema: {type: object, required: [size], properties: {size: {type: integer}, from: {type: integer, minimum: 0}}}}
        - {name: deep, in: query, style: deepObject, explode: true, required: true, schema: {type: object, properties: {a: {type: string, enum: [x]}}}}
      responses: {'200': {description: y}}
  /open:
    get:
      operationId: open
      parameters:
        - {name: any, in: query, schema: {type: object, properties: {a: {type: string}}, additionalProperties: true}}
      responses: {'200': {description: y}}
  /either:
    get:
      operationId: either
      parameters:
        - {name: id, in: query, schema: {oneOf: [{type: integer, minimum: 5}, {type: string, pattern: '^[a-z]+$'}]}}
        - {name: nothing, in: query, allowEmptyValue: true, schema: {type: integer}}
        - {name: ids, in: query, explode: false, schema: {type: array, minItems: 2, items: {type: integer}}}
        - {name: all, in: query, schema: {allOf: [{type: number}, {maximum: 3}]}}
      responses: {'200': {description: y}}
`

func TestParameterStyles(t *testing.T) {
	t.Parallel()
	c, err := contract.Load(fstest.MapFS{"doc.yaml": {Data: []byte(styles)}}, "doc.yaml", contract.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string][]string{
		"/label/.5":                        nil,
		"/label/5":                         {"parameter-invalid path v"},
		"/label/.x":                        {"schema-type path v"},
		"/matrix/;v=5":                     nil,
		"/matrix/5":                        {"parameter-invalid path v"},
		"/list/1,2":                        nil,
		"/list/1,x":                        {"schema-type path v /1"},
		"/spread?size=1&deep[a]=x":         nil,
		"/spread?size=1&from=-1&deep[a]=y": {"schema-enum query deep /a", "schema-minimum query page /from"},
		"/spread?from=1&deep[a]=x":         {"schema-required query page"},
		"/spread":                          {"parameter-missing query deep", "parameter-missing query page"},
		"/spread?size=1&deep[a]=x&x=1":     {"parameter-undeclared query x"},
		"/open?a=1&whatever=2":             nil,
		"/either?id=7":                     nil,
		"/either?id=abc":                   nil,
		"/either?id=3":                     {"schema-minimum query id"},
		"/either?id=A":                     {"schema-pattern query id"},
		"/either?nothing":                  nil,
		"/either?ids=1":                    {"schema-min-items query ids"},
		"/either?ids=1,2":                  nil,
		"/either?all=4":                    {"schema-maximum query all"},
		"/either?all=1e999":                {"schema-maximum query all"},
		"/either?all=3&all=2":              {"parameter-repeated query all"},
	} {
		r := c.CheckRequest(&contract.Request{Method: "GET", Target: target})
		if diff := cmp.Diff(want, summary(r)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", target, diff)
		}
	}
}
