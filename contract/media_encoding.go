package contract

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/parley-contracts/parley/contract/internal/expand"
)

// decode undoes the content codings of a body, within the limit. ok is false
// when the body cannot be read; the account is set then.
func (k *check) decode(m *media, p payload, limit int) (text []byte, ok bool) {
	values := p.header["Content-Encoding"]
	if len(values) == 0 {
		return p.bytes, true
	}
	text, err := expand.Bytes(p.bytes, expand.Codings(values), limit)
	if err != nil {
		k.account = k.unexpanded(m.site.scope, err)
		return nil, false
	}
	return text, true
}

// unexpanded reports why a body could not be read, and is its account.
func (k *check) unexpanded(s *scope, err error) Account {
	b := s.basis("")
	if errors.Is(err, expand.ErrTooLarge) || errors.Is(err, errStreamed) {
		k.tooLargeAs(atBody, s, "is larger than the limit and was not checked")
		return AccountTooLarge
	}
	var corrupt *expand.CorruptError
	var unknown *expand.UnknownError
	switch {
	case errors.As(err, &corrupt):
		k.add(RuleBodyEncoding, atBody, b, "is not the "+corrupt.Coding+" that its Content-Encoding says")
	case errors.As(err, &unknown):
		message := "has a Content-Encoding that the checks cannot read"
		if unknown.Coding == "" {
			message = fmt.Sprintf("has more than %d content codings, one around another", expand.MaxCodings)
		}
		k.addAs(SeverityWarning, RuleBodyEncoding, atBody, b, message)
	default:
		k.add(RuleBodyEncoding, atBody, b, "could not be read to its end")
	}
	return AccountUndecodable
}

// tooLargeAs reports a body, or a part of one, that is beyond a limit.
func (k *check) tooLargeAs(at Location, s *scope, message string) {
	severity := SeverityError
	if !k.incoming() {
		severity = SeverityWarning
	}
	k.addAs(severity, RuleBodyTooLarge, at, s.basis(""), message)
}

// errStreamed says that a streamed body is beyond Config.MaxStreamBytes.
var errStreamed = errors.New("stream beyond the limit")

// streamed bounds a body that is read while it comes.
type streamed struct {
	from io.Reader
	left int64
}

func (s *streamed) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	if s.left -= int64(n); s.left < 0 {
		return 0, errStreamed
	}
	return n, err
}

// streamChecker is a bodyChecker that need not have the body as a whole.
type streamChecker interface {
	collectFrom(k *check, s *site, contentType string, body io.Reader) Account
}

// stream checks a body that is given as a reader, without holding it, if its
// media type allows that. done is false when it does not.
func (k *check) stream(declared *body, p *payload) (done bool) {
	if declared == nil || p.oversize {
		return false
	}
	contentType := p.header.Get("Content-Type")
	m := declared.choose(contentType)
	if m == nil {
		return false
	}
	checker := m.checker
	if r, ok := checker.(*rangeBody); ok {
		checker = r.checker(contentType)
	}
	streaming, ok := checker.(streamChecker)
	if !ok {
		return false
	}
	buffered := bufio.NewReader(p.reader)
	p.reader = buffered
	if _, err := buffered.Peek(1); err != nil {
		return false // an empty body is not its media type's concern
	}
	limit := k.contract.config.MaxStreamBytes
	source := &streamed{from: buffered, left: limit}
	body, err := expand.NewReader(source, expand.Codings(p.header["Content-Encoding"]), limit)
	if err != nil {
		k.account = k.unexpanded(m.site.scope, err)
		return true
	}
	k.account = streaming.collectFrom(k, &m.site, contentType, body)
	return true
}

// gather reads a body that is given as a reader and has to be held. ok is
// false when it cannot be; the account is set then.
func (k *check) gather(p *payload, up *scope) (ok bool) {
	limit := k.contract.config.MaxBodyBytes
	text, err := io.ReadAll(io.LimitReader(p.reader, int64(limit)+1))
	switch {
	case len(text) > limit:
		k.tooLarge(up)
		return false
	case err != nil:
		k.account = k.unexpanded(up, err)
		return false
	}
	p.bytes = text
	return true
}

// newPayload is a message's body as it is to be read: what there is of it as bytes,
// and then what is still to come.
func newPayload(header http.Header, body []byte, reader io.Reader, oversize bool) payload {
	p := payload{header: header, bytes: body, oversize: oversize}
	if reader != nil && !oversize {
		p.reader, p.bytes = io.MultiReader(bytes.NewReader(body), reader), nil
	}
	return p
}
