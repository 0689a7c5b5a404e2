package contract

import (
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/event"
	"github.com/parley-contracts/parley/contract/internal/form"
)

// eventBody checks a stream of events, each against the schema of an item or,
// without one, that of the media type.
type eventBody struct {
	kind event.Kind
	// site is the place of one event.
	site site
	// data checks what an event holds: JSON, or text where the schema is of a
	// string. whole says that the schema describes the event with its fields.
	data  bodyChecker
	whole *made
	// jsonData says that the data of a whole event is JSON.
	jsonData bool
	text     bool
}

func (c *Contract) newEventBody(kind event.Kind, m *media, source *openapi3.MediaType, incoming bool) (bodyChecker, error) {
	b := &eventBody{kind: kind, site: m.site}
	if source.ItemSchema != nil {
		if err := c.schemas.learn(source.ItemSchema); err != nil {
			return nil, err
		}
		b.site.schema = source.ItemSchema
	}
	b.site.verdicts = &verdicts{}
	shape := c.newShaper().shape(b.site.schema)
	where := "body " + m.name
	switch {
	case kind == event.ServerSent && shape == nil:
		b.data, b.text = anyBytes{}, true
	case kind == event.ServerSent && describesEvent(shape):
		b.jsonData = shape.Members["data"] != nil && !shape.Members["data"].Text
		b.whole = c.newMade(&b.site, where, incoming)
	case kind == event.ServerSent && shape.Text && !shape.Number && !shape.Array && !shape.Object:
		b.text = true
		b.data = c.newTextBody(&b.site, where, incoming)
	default:
		b.data = c.newJSON(&b.site, where, incoming)
	}
	return b, nil
}

// describesEvent reports whether a schema is that of a server-sent event with
// its fields, not of the data alone.
func describesEvent(shape *form.Shape) bool {
	if shape.Members["data"] == nil {
		return false
	}
	for name := range shape.Members {
		switch name {
		case "data", "event", "id", "retry":
		default:
			return false
		}
	}
	return true
}

func (*eventBody) accepts([]byte) bool { return false }

func (b *eventBody) collect(k *check, _ *site, contentType string, body []byte) Account {
	k.checkCharset(&b.site, contentType)
	account := AccountValidated
	splitter := event.NewSplitter(b.kind, k.contract.config.MaxBodyBytes, func(e event.Event) {
		account = worse(account, b.check(k, e))
	})
	splitter.Write(body)
	splitter.Close()
	return account
}

// worse is the account of a stream of which two events have the given ones.
func worse(a, b Account) Account {
	for _, account := range []Account{AccountFailed, AccountTooLarge, AccountUndecodable} {
		if a == account || b == account {
			return account
		}
	}
	return AccountValidated
}

// check checks one event.
func (b *eventBody) check(k *check, e event.Event) Account {
	at := b.site.at
	at.Pointer = "/" + strconv.Itoa(e.Index)
	switch e.Fault {
	case event.Oversize:
		k.tooLargeAs(at, b.site.scope, "is an event larger than the limit and was not checked")
		return AccountTooLarge
	case event.Incomplete:
		k.add(RuleBodyEncoding, at, b.site.scope.basis(""), "is an event that the stream ends within")
		return AccountUndecodable
	case event.Stray:
		k.add(RuleBodyEncoding, b.site.at, b.site.scope.basis(""), "has text before the first record separator")
		return AccountUndecodable
	}
	if b.whole != nil {
		v := b.fields(e)
		k.keepAll(k.settle(b.whole, v, bodyProblem), at.Pointer)
		return AccountValidated
	}
	if b.data.accepts(e.Data) {
		return AccountValidated
	}
	contentType := "application/json"
	if b.text {
		contentType = "text/plain; charset=utf-8" // which a stream of events always is
	}
	sub := k.within()
	account := b.data.collect(sub, &b.site, contentType, e.Data)
	k.dropped = k.dropped || sub.dropped
	k.keepAll(sub.findings, at.Pointer)
	return account
}

// fields is a server-sent event as an object.
func (b *eventBody) fields(e event.Event) *form.Value {
	shape, v := b.whole.shape, form.Record()
	data := string(e.Data)
	if b.jsonData {
		v.Set("data", form.JSON(shape.Members["data"], data))
	} else {
		v.Set("data", form.Leaf(shape.Members["data"], data))
	}
	for name, field := range map[string]*string{"event": e.Name, "id": e.ID, "retry": e.Retry} {
		if field == nil {
			continue
		}
		member := shape.Members[name]
		if name == "retry" && strings.Trim(*field, "0123456789") != "" {
			continue // readers pass over it
		}
		v.Set(name, form.Leaf(member, *field))
	}
	return v
}
