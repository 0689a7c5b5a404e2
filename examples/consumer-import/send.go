package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/parley-contracts/parley/gen/common"
	"github.com/parley-contracts/parley/gen/maaxv2"
)

// send hands one message to the vendor with the generated V2 client, for those
// who want the types of the wire and nothing in between. The answer arrives as
// a callback. It returns the id that the message was given.
func send(ctx context.Context, baseURL, key, text string) (common.IncomingMessageID, error) {
	client, err := maaxv2.NewClientWithResponses(baseURL,
		maaxv2.WithHTTPClient(&http.Client{
			Timeout: 30 * time.Second,
			// A redirect would carry the key to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}),
		maaxv2.WithRequestEditorFn(func(_ context.Context, request *http.Request) error {
			request.Header.Set("2hd-api-key", key)
			return nil
		}),
	)
	if err != nil {
		return 0, err
	}
	name, email := "Ada", "ada@example.com"
	result, err := client.CreateOutgoingMessageWithResponse(ctx, maaxv2.OutgoingMessageRequest{
		AIID:            12,
		MessageContent:  text,
		Platform:        common.PlatformEmail,
		ProspectInfo:    common.ProspectInfo{FirstName: &name, Email: &email},
		ServiceType:     maaxv2.OutgoingMessageRequestServiceTypeSalesAutomation,
		SendResponseURL: "https://hooks.example.com/maax/answer?message=1",
		FollowupURL:     "https://hooks.example.com/maax/follow-up",
	})
	if err != nil {
		return 0, err
	}
	if result.JSON200 == nil {
		return 0, fmt.Errorf("message refused: %s", result.Status())
	}
	return result.JSON200.IncomingMessageID, nil
}
