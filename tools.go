//go:build generate

// Package parley holds the go:generate lines of the project; the tools they
// run are pinned in tools/go.mod. Run them with make generate.
package parley

//go:generate sh -c "cd gen/common && go tool -modfile=../../tools/go.mod oapi-codegen -config cfg.yaml ../../api/common.yaml"
//go:generate sh -c "cd gen/maaxv1 && go tool -modfile=../../tools/go.mod oapi-codegen -config cfg.yaml ../../api/openapi-v1.yaml"
//go:generate sh -c "cd gen/maaxv1/ginserver && go tool -modfile=../../../tools/go.mod oapi-codegen -config cfg.yaml ../../../api/openapi-v1.yaml"
//go:generate sh -c "cd gen/maaxv2 && go tool -modfile=../../tools/go.mod oapi-codegen -config cfg.yaml ../../api/openapi-v2.yaml"
//go:generate sh -c "cd gen/maaxv2/ginserver && go tool -modfile=../../../tools/go.mod oapi-codegen -config cfg.yaml ../../../api/openapi-v2.yaml"
//go:generate sh -c "cd gen/callbacks && go tool -modfile=../../tools/go.mod oapi-codegen -config cfg.yaml ../../api/callbacks.yaml"
//go:generate sh -c "cd gen/callbacks/ginserver && go tool -modfile=../../../tools/go.mod oapi-codegen -config cfg.yaml ../../../api/callbacks.yaml"
//go:generate sh -c "cd gen/maia && go tool -modfile=../../tools/go.mod oapi-codegen -config cfg.yaml ../../api/openapi-maia.yaml"
//go:generate sh -c "cd gen/maia/ginserver && go tool -modfile=../../../tools/go.mod oapi-codegen -config cfg.yaml ../../../api/openapi-maia.yaml"
//go:generate sh -c "cd gen/management && go tool -modfile=../../tools/go.mod oapi-codegen -config cfg.yaml ../../api/management.yaml"
//go:generate sh -c "cd gen/management/ginserver && go tool -modfile=../../../tools/go.mod oapi-codegen -config cfg.yaml ../../../api/management.yaml"
//go:generate sh -c "cd refserver/internal/store && go tool -modfile=../../../tools/go.mod sqlc generate"
//go:generate go run ./internal/ledger/generate
