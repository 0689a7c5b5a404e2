// Package api embeds the contracts: OpenAPI documents written by hand, the only
// source of truth for the generated code, the checks and the reference server.
package api

import "embed"

// FS holds the contracts by file name, such as "openapi-v2.yaml", the register
// of ambiguities with its schema, and the folders of overlays: those for code
// generation in overlays, those of the readings in readings.
//
//go:embed *.yaml *.json overlays/*.yaml readings/*.yaml
var FS embed.FS
