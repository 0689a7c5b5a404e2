package contract

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/parley-contracts/parley/contract/internal/expand"
	"github.com/parley-contracts/parley/contract/internal/form"
)

// parts is the check of one multipart body.
type parts struct {
	k    *check
	s    *site
	body *multipartBody
	// object is what the parts make together.
	object *form.Value
	// files holds the pointers of parts whose octets are no value.
	files map[string]struct{}
	// room is how many bytes of parts may still be held.
	room int64
	// tooLarge says that a part was beyond that.
	tooLarge bool
}

func (b *multipartBody) collect(k *check, s *site, contentType string, body []byte) Account {
	return b.collectFrom(k, s, contentType, bytes.NewReader(body))
}

// collectFrom checks the parts while they are read. Files are counted, and no
// more of them is held than of the reader's buffer.
func (b *multipartBody) collectFrom(k *check, s *site, contentType string, body io.Reader) Account {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["boundary"] == "" {
		k.add(RuleBodyEncoding, s.at, s.scope.basis(""), "has no boundary in its Content-Type")
		return AccountUndecodable
	}
	p := &parts{k: k, s: s, body: b, object: form.Record(), files: make(map[string]struct{}), room: int64(k.contract.config.MaxBodyBytes)}
	reader := multipart.NewReader(body, params["boundary"])
	for n := 0; ; n++ {
		next, err := reader.NextRawPart()
		if err == io.EOF { //nolint:errorlint // multipart wraps it where the body ends too early
			return p.end()
		}
		if err == nil && n == maxParts {
			k.tooLargeAs(s.at, s.scope, fmt.Sprintf("has more than %d parts and was not checked", maxParts))
			return AccountTooLarge
		}
		if err == nil {
			err = p.take(next)
		}
		if err != nil {
			return p.broken(err)
		}
	}
}

// broken ends the check of a body that cannot be read on.
func (p *parts) broken(err error) Account {
	var corrupt *expand.CorruptError
	if errors.Is(err, expand.ErrTooLarge) || errors.Is(err, errStreamed) || errors.As(err, &corrupt) {
		return p.k.unexpanded(p.s.scope, err)
	}
	p.k.add(RuleBodyEncoding, p.s.at, p.s.scope.basis(""), "is not the multipart that its Content-Type says, or ends too early")
	return AccountUndecodable
}

// end checks the parts together.
func (p *parts) end() Account {
	if p.s.schema == nil {
		return AccountValidated
	}
	for _, f := range p.k.settle(p.body.made, p.object, bodyProblem) {
		if _, file := p.files[f.Location.Pointer]; file && !aboutPresence(f.Rule) {
			continue
		}
		p.k.keep(f)
	}
	if p.tooLarge {
		return AccountTooLarge
	}
	return AccountValidated
}

// aboutPresence reports rules that are broken by a part's being there.
func aboutPresence(rule Rule) bool {
	switch rule {
	case RulePropertyForbidden, RulePropertyUndeclared, RuleReadOnly, RuleWriteOnly, RuleParameterRepeated:
		return true
	}
	return false
}

// report records what is wrong with a part apart from its value.
func (p *parts) report(rule Rule, pointer, message string) {
	at := p.s.at
	at.Pointer = pointer
	p.k.add(rule, at, p.s.scope.basis(""), message)
}

// take reads one part to its end.
func (p *parts) take(raw *multipart.Part) error {
	name, filename, ok := disposition(raw.Header.Get("Content-Disposition"))
	declared := p.body.parts[name]
	if declared == nil {
		declared = p.body.other
	}
	pointer := joinPointer([]string{name})
	before := p.object.Member(name)
	switch {
	case p.s.schema == nil:
		return p.pass(raw)
	case !ok:
		p.report(RuleBodyEncoding, "", "has a part without a name")
		return p.pass(raw)
	case before != nil && (declared == nil || !declared.array):
		before.Add(form.Repeated)
		return p.pass(raw)
	case declared == nil:
		p.files[pointer] = struct{}{}
		p.object.Set(name, form.Leaf(nil, ""))
		return p.pass(raw)
	case declared.array && before == nil:
		before = form.List()
		p.object.Set(name, before)
	}
	if declared.array {
		pointer += fmt.Sprintf("/%d", before.Len())
	}
	p.checkHeaders(declared, raw, pointer)
	value, err := p.read(declared, raw, pointer, filename)
	switch {
	case err != nil:
		return err
	case declared.array:
		before.Append(value)
	default:
		p.object.Set(name, value)
	}
	return nil
}

// pass reads a part to its end and keeps nothing of it.
func (p *parts) pass(raw io.Reader) error {
	_, err := io.Copy(io.Discard, raw)
	return err
}

// disposition reads the name of a part, and whether it is sent as a file.
func disposition(header string) (name string, file, ok bool) {
	_, params, err := mime.ParseMediaType(header)
	if err != nil {
		return "", false, false
	}
	name, ok = params["name"]
	_, file = params["filename"]
	if len(name) > maxPartName {
		name = strings.ToValidUTF8(name[:maxPartName], "")
	}
	return name, file, ok
}

// checkHeaders checks the headers of a part.
func (p *parts) checkHeaders(declared *part, raw *multipart.Part, pointer string) {
	if len(declared.types) > 0 {
		contentType := raw.Header.Get("Content-Type")
		switch {
		case contentType == "" && !declared.takes("text/plain"): // which it is when nothing is said
			p.report(RuleContentTypeMissing, pointer, "has no Content-Type, expected "+strings.Join(declared.types, " or "))
		case contentType != "" && !declared.takes(essence(contentType)):
			p.report(RuleContentTypeUnknown, pointer, "has a Content-Type that is not "+strings.Join(declared.types, " or "))
		}
	}
	if len(declared.headers) == 0 {
		return
	}
	sub := p.k.within()
	sub.values = values{header: http.Header(raw.Header)}
	for _, h := range declared.headers {
		sub.checkParameter(h)
	}
	p.k.keepAll(sub.findings, pointer)
}

// read reads the value of a part.
func (p *parts) read(declared *part, raw *multipart.Part, pointer string, filename bool) (*form.Value, error) {
	contentType := raw.Header.Get("Content-Type")
	content := p.transfer(raw, pointer)
	asJSON := isJSON(essence(contentType)) || structured(declared.shape)
	binary := contentType != "" && !isText(contentType) && !structured(declared.shape)
	if !asJSON && (declared.file || binary || declared.shape == nil && filename) {
		return p.file(declared, content, pointer)
	}
	text, err := io.ReadAll(io.LimitReader(content, p.room+1))
	if err != nil {
		return p.unread(err, pointer)
	}
	if int64(len(text)) > p.room {
		p.tooLarge = true
		at := p.s.at
		at.Pointer = pointer
		p.k.tooLargeAs(at, p.s.scope, "is larger than the limit and was not checked")
		p.files[pointer] = struct{}{}
		return form.Leaf(nil, ""), p.pass(raw)
	}
	p.room -= int64(len(text))
	if asJSON {
		if !utf8.Valid(text) || !json.Valid(text) {
			p.files[pointer] = struct{}{}
			p.report(RuleJSONSyntax, pointer, "is not JSON")
			return form.Leaf(nil, ""), nil
		}
		return form.Literal(string(text)), nil
	}
	if contentType == "" {
		contentType = "text/plain"
	}
	at := *p.s
	at.at.Pointer = pointer
	decoded, ok := p.k.decodeText(&at, contentType, text)
	if !ok {
		p.files[pointer] = struct{}{}
		return form.Leaf(nil, ""), nil
	}
	return form.Leaf(declared.shape, decoded), nil
}

// unread tells a part whose own encoding is broken from a body that is.
func (p *parts) unread(err error, pointer string) (*form.Value, error) {
	var transfer *transferError
	if !errors.As(err, &transfer) {
		return nil, err
	}
	p.files[pointer] = struct{}{}
	p.report(RuleBodyEncoding, pointer, "is not in the encoding that its Content-Transfer-Encoding says")
	return form.Leaf(nil, ""), nil
}

// file counts the octets of a part and lets them go.
func (p *parts) file(declared *part, content io.Reader, pointer string) (*form.Value, error) {
	p.files[pointer] = struct{}{}
	n, err := io.Copy(io.Discard, content)
	if err != nil {
		return p.unread(err, pointer)
	}
	var faults []fault
	for _, v := range p.s.schemas.applicable(oneSchema(declared.schema)) {
		if v.MinLength > uint64(n) {
			faults = append(faults, fault{schema: v, keyword: "minLength", pointer: pointer, value: pointer, message: "is shorter than " + count(v.MinLength, "octet")})
		}
		if v.MaxLength != nil && *v.MaxLength < uint64(n) {
			faults = append(faults, fault{schema: v, keyword: "maxLength", pointer: pointer, value: pointer, message: "is longer than " + count(*v.MaxLength, "octet")})
		}
	}
	p.k.report(p.s, faults)
	return form.Leaf(nil, ""), nil
}

// transferError says that a part is not what its Content-Transfer-Encoding
// says.
type transferError struct{ err error }

func (e *transferError) Error() string { return e.err.Error() }

func (e *transferError) Unwrap() error { return e.err }

// transfer undoes the Content-Transfer-Encoding of a part, which forms should
// not have and some have.
func (p *parts) transfer(raw *multipart.Part, pointer string) io.Reader {
	switch strings.ToLower(strings.TrimSpace(raw.Header.Get("Content-Transfer-Encoding"))) {
	case "", "7bit", "8bit", "binary":
		return raw
	case "base64":
		return decoding{base64.NewDecoder(base64.StdEncoding, raw)}
	case "quoted-printable":
		return decoding{quotedprintable.NewReader(raw)}
	}
	at := p.s.at
	at.Pointer = pointer
	p.k.addAs(SeverityWarning, RuleBodyEncoding, at, p.s.scope.basis(""), "has a Content-Transfer-Encoding that the checks cannot read")
	return raw
}

// decoding marks the errors of a decoder.
type decoding struct{ io.Reader }

func (d decoding) Read(p []byte) (int, error) {
	n, err := d.Reader.Read(p)
	if err != nil && err != io.EOF && !errors.Is(err, errStreamed) && !errors.Is(err, expand.ErrTooLarge) {
		err = &transferError{err}
	}
	return n, err
}
