// Package maax is a client for MAAX AI, V1 and V2: it checks a call before it
// is sent, sends it once, bounds time and bytes, and keeps the status and an
// excerpt of what the vendor answers.
//
// V1 is asked for an answer until there is one:
//
//	client, err := maax.New(maax.Config{APIKey: key})
//	...
//	answer, err := client.SendAndWait(ctx, maax.Message{
//		Content:     "How do I reset my password?",
//		Platform:    maax.PlatformEmail,
//		ServiceType: maax.ServiceSupport,
//		Prospect:    &maax.Prospect{FirstName: "Ada", Email: "ada@example.com"},
//	})
//
// V2 calls back: Send returns when the message is accepted, and the answer
// arrives at OutgoingMessage.AnswerURL.
//
// # What is sent twice
//
// The documentation names no key by which the vendor could tell a repeated
// message from a new one, so sending it again may answer the customer twice.
// Calls made with POST are therefore repeated only when no connection came
// about. Calls made with GET are repeated after connection failures and the
// statuses 429, 502, 503 and 504. Error.RequestSent tells whether a failed call
// may have reached the vendor.
//
// # Where the key goes
//
// The key is sent to the scheme, host and port of Config.BaseURL only:
// redirects are not followed, and plain HTTP is refused unless the host is a
// loopback one. It appears in no error and in no printed or logged value.
//
// Everything below the facade is generated from the contracts; the project is
// not affiliated with or endorsed by the vendor.
package maax
