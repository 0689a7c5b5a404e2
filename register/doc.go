// Package register reads the register of ambiguities: every place where the
// vendors' documentation is silent or contradicts itself, the possible readings
// of it, the one that the contracts take, and the probe that recognises each
// reading in traffic. It does not decide: it says how one exchange votes, and
// leaves it to its caller to keep tallies.
//
//	r, err := register.Load(api.FS)
//	if err != nil { ... }
//	probes, err := r.Compile(register.Limits{})
//	if err != nil { ... }
//	for _, vote := range probes.Vote(ctx, exchange) { ... }
//
// A reading that changes a contract is an OpenAPI Overlay; Documents returns
// the contracts as they are under a choice of readings.
//
// # Probes
//
// A probe has up to two expressions in the Common Expression Language: one is
// true when an exchange supports its reading, the other when it refutes it. An
// expression that is not true, or that fails because the exchange lacks a field
// it needs, says nothing. Their variables are
//
//	operation   the operationId that the request matched, "" for none
//	request     method, host, path, path_segments, query, header, body, body_type, size
//	response    status, header, body, body_type, size, delay_seconds
//	callback    operation, method, path, query, header, body, body_type, size, delay_seconds, status
//	history     related earlier exchanges, oldest first, at most MaxHistory
//
// path is as sent, its percent-encoding kept; path_segments are its decoded
// segments without a leading or trailing empty one. query maps names to lists
// of values and header maps lower-case names to lists of values. body is the
// decoded value: JSON with integers apart from other numbers, form fields as a
// map (a list where a name repeats), or text. body_type is none, json, form,
// text, xml, binary, or invalid for a body that is not what its type says. size
// is in bytes. delay_seconds counts from the request's arrival. status of a
// callback is the acknowledgement that the integration gave.
//
// An element of history has operation, request, response, callback and
// age_seconds, by how much its request came before the one voted on: negative
// when it came later but was seen before the callback voted on, zero for another
// callback of the same request. As the history is bounded, that something is
// not in it proves nothing.
//
// Strings have the extension functions of cel-go, such as lowerAscii. What is
// looked up by a constant name, as in request.header["age"][0], must be wrapped
// in string before it is converted to a number: int(string(...)).
package register
