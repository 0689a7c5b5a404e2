// Package generate writes Go code for a prepared OpenAPI document with
// oapi-codegen, under the settings that the project uses for its own code.
package generate
