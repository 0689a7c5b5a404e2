module github.com/parley-contracts/parley/contract/bench

go 1.26.0

require (
	github.com/getkin/kin-openapi v0.152.0
	github.com/parley-contracts/parley v0.0.0
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
)

require (
	github.com/dlclark/regexp2 v1.11.5 // indirect
	github.com/go-openapi/jsonpointer v0.22.5 // indirect
	github.com/go-openapi/swag/jsonname v0.25.5 // indirect
	github.com/gorilla/mux v1.8.0 // indirect
	github.com/oasdiff/yaml v0.1.1 // indirect
	github.com/oasdiff/yaml3 v0.0.14 // indirect
	golang.org/x/text v0.43.0 // indirect
)

replace github.com/parley-contracts/parley => ../
