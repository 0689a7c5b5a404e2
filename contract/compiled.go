package contract

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/program"
)

// operation is an operation with everything that its checks need.
type operation struct {
	public    *Operation
	scope     *scope
	params    []*parameter
	query     map[string]struct{}
	prefixes  []string
	openQuery bool
	security  []requirement
	body      *body
	responses map[string]*response
	// quick is what the quick answer needs.
	quick quick
	// statuses is where the document lists the responses.
	statuses Position
}

// body is a declared request or response body.
type body struct {
	required bool
	scope    *scope
	media    []*media
}

// media is one media type of a body.
type media struct {
	// name is the media type or range as declared, lower case, without
	// parameters.
	name    string
	json    bool
	site    site
	checker bodyChecker
	// program is what the checker runs, nil for one that is not a program.
	program *compiledJSON
}

// response is a declared response.
type response struct {
	scope   *scope
	headers []*parameter
	body    *body
}

// parameter is a declared parameter or response header.
type parameter struct {
	source *openapi3.Parameter
	part   Part
	site   site
	scalar bool
	types  types
	// header is the canonical name of a header.
	header string
	// incoming says that it is part of a request.
	incoming bool
	// text or content is the compiled check; without either, what has a schema
	// is left to kin-openapi.
	text    *textCheck
	content *program.Program
	// styled reads what is more than one text, and explains what text refuses.
	styled *styled
	// allows says which of several values may be given at once.
	repeatable bool
}

// requirement is one way to satisfy the security of an operation: all its
// schemes together.
type requirement []credential

// credential is one security scheme as far as its presence can be seen.
type credential struct {
	part Part
	// name as the document spells it, header its canonical form.
	name   string
	header string
	prefix string
	// unseen schemes leave no trace in a message, such as mutual TLS.
	unseen bool
}

// bodyChecker checks the bytes of one body against its schema. accepts is the
// quick answer: true is final, false only says that collect has to look. collect
// returns the account of the body and reports its findings to k.
type bodyChecker interface {
	accepts(body []byte) bool
	collect(k *check, s *site, contentType string, body []byte) Account
}
