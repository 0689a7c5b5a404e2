// Package program compiles the schemas of an OpenAPI document into programs
// that check the bytes of a message.
//
//	c := program.NewCompiler(program.Options{})
//	p, err := c.Compile(ref) // a resolved *openapi3.SchemaRef; err is an *Error
//	...
//	if !p.Accept(body, program.Request) {
//		p.Collect(body, program.Request, 20, func(f program.Finding) { ... })
//	}
//
// A program has two modes. Accept reads the bytes once, from left to right,
// builds no tree, allocates nothing and answers yes or no. Collect is the same
// code, which goes on after each disagreement and says where it was, which
// fact of the contract it broke, and what that fact asks for. Accept answers
// yes exactly when Collect finds nothing. CompileScalar makes programs for
// values that arrive as text, such as parameters.
//
// What cannot be compiled is an *Error that names the keyword: a schema is
// never compiled to something weaker than it says. Messages that cannot be
// judged (an absurd exponent, a pattern that takes too long, more steps than
// allowed) are refused with a finding of their own.
//
// # How a schema becomes a program
//
// A value must often satisfy several schemas at once: the branches of an allOf,
// what two of them say of the same property. The compiler therefore works on
// conjunctions. A conjunction is a list of schemas (elem); expand adds what
// allOf demands; node makes one node of it, and remembers it by its schemas, so
// that recursion ends and shared components are compiled once. The node of a
// property is the node of the conjunction of what each schema says of it. So
// there is no allOf left at run time.
//
// A node holds rules by kind of value: null, boolean, number, string, array,
// object. Where the types leave one branch of an anyOf or oneOf for a kind, that
// branch joins the conjunction for the kind (narrowed). What is left of anyOf,
// oneOf, not and if is compiled in one of three ways, the first that fits:
//
//   - dispatch (keyword_discriminator.go): an object names its branch by a
//     property, because there is a discriminator or because all branches require
//     the property with distinct values. The program looks ahead for it and reads
//     the object once, against the conjunction with that branch;
//   - lean (lean.go): branches that speak of nothing but required names and
//     properties are decided by one bit each while the object is read;
//   - groups (composition.go): the value is read again for each branch, out of a
//     budget of steps.
//
// # How a program runs
//
// A machine is the state of one run. Every check is written once, as
//
//	if bad && !m.fail(fact, at) {
//		return false
//	}
//
// When accepting, fail answers false and the run unwinds. When collecting, it
// adds a finding and answers whether to go on. Branches are tried by matches,
// which accepts in either mode, and explained by why, which collects apart.
//
// A run that is armed, as Check makes it, accepts until the first disagreement
// and collects from there: the message is read once.
//
// Facts are made when a schema is compiled, so that a finding costs no more than
// its pointer. A parameter that is one plain text is judged as it stands
// (scalar_quick.go); others are first written as JSON.
//
// # Where things are
//
// Each keyword, or pair that belongs together, has a file keyword_*.go that holds
// how it is compiled and how it is checked. To add one: write that file, call its
// compile method from the kinds it concerns in build.go, its check from the
// kind_*.go of those kinds, and take it out of supported.go. Formats are in the
// package format, regular expressions in pattern, exact decimals in number, the
// lexical parts of JSON in scan.
//
// # Readings
//
// Where the specifications leave room:
//
//   - nullable lets null pass whatever else the schema object says. By the letter
//     of OpenAPI 3.0.3 it adds null to a type in the same schema object and
//     nothing else, so that beside an enum without null, or beside an allOf
//     without a type, null would still be refused. Documents mean otherwise, and
//     kin-openapi and generated code take null there. A part of an allOf that is
//     not nullable still refuses it. A schema without type lets null pass;
//   - keywords of JSON Schema 2020-12 are honoured in OpenAPI 3.0 documents;
//   - integer means a whole number, however it is written: 12.0, 120e-1;
//   - formats are asserted; those that package format does not know are not;
//   - readOnly properties must not be in requests, nor writeOnly ones in
//     responses, and are not required there, in both dialects;
//   - a discriminator decides alone which branch applies. A value that neither its
//     mapping nor the name of a branch's schema knows is a finding, unless there
//     is no mapping, when all branches are tried;
//   - two names of one object that differ in case alone are a finding, and so is
//     a name that differs in case alone from a declared one, unless the schema
//     declares both.
package program
