// Package form reads values that are written as text, in the styles of OpenAPI:
// parameters, form fields and parts. What a text stands for depends on what the
// schema lets it be, so a reader is told by a Shape, and answers with a Value
// that is written as JSON and checked like any other.
//
//	layout := form.Layout{Style: form.Form, Explode: true, Escape: form.Query}
//	v := layout.Text(shape, "id", "7")
//	for { // until the checks are content or v has no other reading
//		text := v.AppendJSON(nil)
//		...
//		if !v.Reread(pointers) { break }
//	}
//
// A text may have several readings: "7" is a number and a string, "a,b" a list
// and a string. The likeliest comes first, and Reread takes the next for the
// places that are at fault.
//
// Nothing is dropped in silence: what cannot be read, and names that are given
// twice, are Problems of the value.
package form
