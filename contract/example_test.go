package contract_test

import (
	"fmt"
	"log"
	"net/http"
	"testing/fstest"

	"github.com/parley-contracts/parley/contract"
)

// notes is a small document.
var notes = fstest.MapFS{"notes.yaml": {Data: []byte(`openapi: 3.0.3
info: {title: notes, version: "1"}
paths:
  /notes/{id}:
    put:
      operationId: writeNote
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [text]
              properties:
                text: {type: string, maxLength: 20}
                colour: {type: string, enum: [red, green]}
      responses:
        "204": {description: written}
`)}}

func Example() {
	c, err := contract.Load(notes, "notes.yaml", contract.Config{})
	if err != nil {
		log.Fatal(err)
	}
	result := c.CheckRequest(&contract.Request{
		Method: http.MethodPut,
		Target: "/notes/seven",
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   []byte(`{"text":"Call Ada back","colour":"blue"}`),
	})
	fmt.Println(result.Account, result.Operation.ID)
	for _, f := range result.Findings {
		fmt.Println(f.Severity, f.Rule, "at", f.Location)
	}
	// Output:
	// validated writeNote
	// error schema-type at path id
	// error schema-enum at body /colour
}

func ExampleContract_Match() {
	c, err := contract.Load(notes, "notes.yaml", contract.Config{})
	if err != nil {
		log.Fatal(err)
	}
	m := c.Match(http.MethodPut, "/notes/7?draft=1")
	id, _ := m.Params.Get("id")
	fmt.Println(m.Operation.ID, id)
	fmt.Println(c.Match(http.MethodGet, "/notes/7").Rule)
	// Output:
	// writeNote 7
	// method-unknown
}

func ExampleContract_CheckResponse() {
	c, err := contract.Load(notes, "notes.yaml", contract.Config{})
	if err != nil {
		log.Fatal(err)
	}
	result := c.CheckResponse(c.Operation("writeNote"), &contract.Response{Status: http.StatusOK})
	for _, f := range result.Findings {
		fmt.Println(f.Blame, f.Rule)
	}
	// Output:
	// vendor-response status-undeclared
}
