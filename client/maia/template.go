package maia

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/parley-contracts/parley/gen/maia"
)

// SearchTemplates searches the message templates of a channel, by its internal
// id from the dashboard, and returns the JSON of the response. Neither the
// names of the query parameters nor the response are visible in the
// documentation, so parameters are sent as they are given and nothing is read
// out of the response.
//
//contract:operation searchTemplates
func (c *Client) SearchTemplates(ctx context.Context, channelID string, parameters map[string]string) (json.RawMessage, error) {
	fault := pathFault("the channel id", channelID)
	if _, ok := parameters[""]; ok && fault == "" {
		fault = "a query parameter has no name"
	}
	if fault != "" {
		return nil, invalid(opTemplates, fault)
	}
	got, failure := c.call(ctx, opTemplates, func(ctx context.Context) (*http.Response, error) {
		return c.api.SearchTemplates(ctx, channelID, &maia.SearchTemplatesParams{}, query(parameters))
	})
	if failure != nil {
		return nil, failure
	}
	if !json.Valid(got.Body) {
		return nil, c.malformed(opTemplates, got, fmt.Errorf("%w: no JSON", ErrMalformed))
	}
	return bytes.Clone(got.Body), nil
}

// query sets the query. The generated client would leave the names as they
// are.
func query(parameters map[string]string) maia.RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		values := url.Values{}
		for name, value := range parameters {
			values.Set(name, value)
		}
		r.URL.RawQuery = values.Encode()
		return nil
	}
}
