package maia

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/parley-contracts/parley/client/internal/wire"
	"github.com/parley-contracts/parley/gen/maia"
)

// ConnectionWhatsApp is the one connection type that the documentation shows.
const ConnectionWhatsApp = "whatsapp_custom_app"

// Connection is a link between the account and a provider. What the vendor
// leaves out is the zero value.
type Connection struct {
	ID   string
	Name string
	// Type is what it connects to, such as ConnectionWhatsApp.
	Type string
	// BusinessAccountID is the provider's id of the business.
	BusinessAccountID string
	// TokenStatus is whether the connection's own token works; the
	// documentation shows "active".
	TokenStatus  string
	PhoneNumbers []PhoneNumber
	// WebhookURL is where the provider calls the vendor.
	WebhookURL string
	Created    time.Time
}

// PhoneNumber is a phone number of a connection.
type PhoneNumber struct {
	// ID is the provider's.
	ID string
	// Display is the number as people write it.
	Display      string
	VerifiedName string
	// QualityRating is the provider's; the documentation shows "GREEN".
	QualityRating string
}

// Connections lists the account's connections of a type, all when it is empty.
// The documentation knows no pages here.
//
//contract:operation listConnections
func (c *Client) Connections(ctx context.Context, connectionType string) ([]Connection, error) {
	got, failure := c.call(ctx, opConnections, func(ctx context.Context) (*http.Response, error) {
		return c.api.ListConnections(ctx, &maia.ListConnectionsParams{Type: wire.Optional(connectionType)})
	})
	if failure != nil {
		return nil, failure
	}
	connections, err := parseConnections(got.Body)
	if err != nil {
		return nil, c.malformed(opConnections, got, err)
	}
	return connections, nil
}

func parseConnections(body []byte) ([]Connection, error) {
	m, err := wire.ReadMembers(body)
	if err != nil {
		return nil, err
	}
	items, err := wire.Read[[]maia.Connection](m, "items")
	if err != nil {
		return nil, err
	}
	connections := make([]Connection, len(items))
	for i, item := range items {
		if item.ID == "" {
			return nil, fmt.Errorf("%w: items[%d] has no id", ErrMalformed, i)
		}
		connections[i] = connection(item)
	}
	return connections, nil
}

func connection(item maia.Connection) Connection {
	c := Connection{
		ID:                item.ID,
		Name:              value(item.Name),
		Type:              value(item.ConnectionType),
		BusinessAccountID: value(item.BusinessAccountID),
		TokenStatus:       value(item.TokenStatus),
		WebhookURL:        value(item.WebhookURL),
		Created:           value(item.CreatedAt),
	}
	for _, n := range item.PhoneNumbers {
		c.PhoneNumbers = append(c.PhoneNumbers, PhoneNumber{
			ID: n.ID, Display: value(n.DisplayPhoneNumber), VerifiedName: value(n.VerifiedName), QualityRating: value(n.QualityRating),
		})
	}
	return c
}
