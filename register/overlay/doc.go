// Package overlay applies OpenAPI Overlays, version 1.0, to YAML documents, so
// that a contract can be had under another reading. It is not a general tool:
// one overlay may extend several documents, each action must find its target in
// one of them, and documents with YAML aliases are refused.
package overlay
