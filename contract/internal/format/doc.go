// Package format checks the string formats that a contract may name. Each check
// is written by hand, takes time linear in the text and accepts what the
// format's RFC accepts, save where a comment says otherwise.
package format
