package maax_test

import (
	"io"
	"strings"
	"testing"

	"example.com/consumer-oapi-codegen/maax"
	"github.com/parley-contracts/parley/gen/common"
)

func TestRequest(t *testing.T) {
	t.Parallel()
	request, err := maax.NewCreateOutgoingMessageRequest("https://maax.example.com/", maax.OutgoingMessageRequest{
		AIID: 12, MessageContent: "Hello?", Platform: common.PlatformSms,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := request.URL.String(), "https://maax.example.com/api/v2/outgoing-messages/"; got != want {
		t.Errorf("URL: got %q, want %q", got, want)
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(body), `"platform":"sms"`; !strings.Contains(got, want) {
		t.Errorf("body: got %s, want %s in it", got, want)
	}
}
