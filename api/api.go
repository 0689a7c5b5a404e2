// Package api embeds the contracts: OpenAPI documents written by hand, the only
// source of truth for the generated code, the checks and the reference server.
package api

import "embed"

// FS holds the documents by file name, such as "openapi-v2.yaml", and the
// folder of overlays.
//
//go:embed *.yaml overlays/*.yaml
var FS embed.FS
