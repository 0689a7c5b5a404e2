package contract

import (
	"net/http"
	"strconv"
	"strings"
)

// quick is what the quick answer to a check needs of an operation, made when
// the document is loaded.
type quick struct {
	// inQuery, and elsewhere, are the parameters by where they are looked for.
	inQuery, elsewhere []*parameter
	// plainQuery says that every parameter in the query stands under its own
	// name, and requiredInQuery which of them must be there, as bits.
	plainQuery      bool
	requiredInQuery uint64
	// pathIndex are the numbers of the path parameters among those matched, as
	// many as elsewhere has, -1 for others.
	pathIndex []int
	statuses  []declaredStatus
	classes   [6]*response
	otherwise *response
}

type declaredStatus struct {
	code     int
	response *response
}

// finish prepares the quick answers once the operation is compiled.
func (op *operation) finish() {
	q := &op.quick
	names := templateNames(op.public.Path)
	for _, p := range op.params {
		if p.part == PartQuery {
			q.inQuery = append(q.inQuery, p)
			continue
		}
		index := -1
		for i, name := range names {
			if p.part == PartPath && name == p.source.Name {
				index = i
			}
		}
		q.elsewhere = append(q.elsewhere, p)
		q.pathIndex = append(q.pathIndex, index)
	}
	q.plainQuery = len(q.inQuery) <= 64
	for i, p := range q.inQuery {
		q.plainQuery = q.plainQuery && (p.plain() || p.text != nil)
		if p.source.Required && i < 64 {
			q.requiredInQuery |= 1 << i
		}
	}
	for _, status := range sortedKeys(op.responses) {
		r := op.responses[status]
		code, err := strconv.Atoi(status)
		switch {
		case err == nil:
			q.statuses = append(q.statuses, declaredStatus{code, r})
		case status == "DEFAULT":
			q.otherwise = r
		case len(status) == 3 && status[1:] == "XX" && status[0] >= '1' && status[0] <= '5':
			q.classes[status[0]-'0'] = r
		}
	}
}

// templateNames are the names of the parameters of a path template, in order.
func templateNames(template string) (names []string) {
	for {
		_, after, ok := strings.Cut(template, "{")
		if !ok {
			return names
		}
		name, rest, _ := strings.Cut(after, "}")
		names, template = append(names, name), rest
	}
}

// The functions below answer quickly whether a part of a message breaks
// nothing. Their yes is final; their no only says that the check has to look.

// acceptsHead answers for all of a request but its body.
func (c *Contract) acceptsHead(op *operation, header http.Header, rawQuery string, params *Params) bool {
	if !c.fewHeaders(header) || !op.acceptsSecurity(header, rawQuery) || !c.acceptsQuery(op, rawQuery, false) {
		return false
	}
	for i, p := range op.quick.elsewhere {
		if index := op.quick.pathIndex[i]; index >= 0 {
			if index >= params.Len() || p.text == nil || !p.text.accepts(p, params.at(index)) {
				return false
			}
			continue
		}
		if p.part == PartPath || !p.acceptsIn(header) {
			return false
		}
	}
	return true
}

// acceptsCallbackHead is acceptsHead for a callback, whose path is not looked
// at and whose query may have names of the integrator's own.
func (c *Contract) acceptsCallbackHead(op *operation, header http.Header, rawQuery string) bool {
	if !c.fewHeaders(header) || !op.acceptsSecurity(header, rawQuery) || !c.acceptsQuery(op, rawQuery, true) {
		return false
	}
	for _, p := range op.quick.elsewhere {
		if p.part != PartPath && !p.acceptsIn(header) {
			return false
		}
	}
	return true
}

// acceptsAnswerHead answers for the status and the headers of a response.
func (c *Contract) acceptsAnswerHead(op *operation, r *Response) (declared *response, ok bool) {
	declared = op.response(r.Status)
	if declared == nil || !c.fewHeaders(r.Header) {
		return declared, false
	}
	for _, p := range declared.headers {
		if !p.acceptsIn(r.Header) {
			return declared, false
		}
	}
	return declared, true
}

// acceptsAnswerBody answers for the body of a response.
func (c *Contract) acceptsAnswerBody(op *operation, declared *response, r *Response, found *bodyFindings) bool {
	if len(r.Body) == 0 && r.BodyReader == nil && !r.Oversize && (op.public.Method == http.MethodHead || bodyless(r.Status)) {
		return true
	}
	return c.acceptsBody(declared.body, newPayload(r.Header, r.Body, r.BodyReader, r.Oversize), found)
}

func (c *Contract) fewHeaders(header http.Header) bool {
	n := 0
	for _, values := range header {
		n += len(values)
	}
	return n <= c.config.MaxHeaders
}

// acceptsIn answers for a parameter in a header or a cookie.
func (p *parameter) acceptsIn(header http.Header) bool {
	if p.part == PartCookie {
		text, found := cookie(header, p.source.Name)
		if !found {
			return !p.source.Required && p.styled == nil
		}
		return p.plain() || p.text != nil && p.text.accepts(p, text)
	}
	texts := header[p.header]
	if len(texts) == 0 {
		return !p.source.Required
	}
	return len(texts) == 1 && (p.plain() || p.text != nil && p.text.accepts(p, texts[0]))
}

// plain says that any text will do.
func (p *parameter) plain() bool { return p.site.schema == nil }

// acceptsSecurity answers for the credentials.
func (op *operation) acceptsSecurity(header http.Header, rawQuery string) bool {
	if len(op.security) == 0 {
		return true
	}
	for _, r := range op.security {
		if r.satisfied(header, rawQuery) {
			return true
		}
	}
	return false
}

func (r requirement) satisfied(header http.Header, rawQuery string) bool {
	for i := range r {
		c := &r[i]
		switch {
		case c.unseen:
		case c.part == PartQuery:
			if !queryHas(rawQuery, c.name) {
				return false
			}
		case !c.inHeader(header):
			return false
		}
	}
	return true
}

// queryHas reports whether a query holds a name, written without escapes, with
// a text.
func queryHas(raw, name string) bool {
	for raw != "" {
		var p pair
		p, raw, _ = nextPair(raw)
		if p.name == name {
			return p.value != ""
		}
	}
	return false
}

// plain is choose for a Content-Type without parameters, or with the only one
// that JSON may have; nil for others.
func (b *body) plain(contentType string) *media {
	for _, m := range b.media {
		if m.name == contentType {
			return m
		}
	}
	if _, parameters, some := strings.Cut(contentType, ";"); some && !strings.EqualFold(strings.TrimSpace(parameters), "charset=utf-8") {
		return nil
	}
	return b.choose(contentType)
}

// acceptsBody answers for a body, and keeps what it found.
func (c *Contract) acceptsBody(declared *body, p payload, found *bodyFindings) bool {
	switch {
	case p.oversize || p.reader != nil || len(p.bytes) > c.config.MaxBodyBytes:
		return false
	case declared == nil:
		return len(p.bytes) == 0
	case len(p.bytes) == 0:
		return !declared.required
	case len(declared.media) == 0:
		return true
	case first(p.header, "Content-Encoding") != "":
		return false
	}
	contentType := first(p.header, "Content-Type")
	m := declared.plain(contentType)
	if m == nil {
		return false
	}
	if m.program == nil {
		return m.checker.accepts(p.bytes)
	}
	found.list, found.complete = m.program.program.Check(p.bytes, m.program.direction, c.config.MaxFindings+1)
	return len(found.list) == 0
}
