// Package maia is a client for MAIA: it checks a call before it is sent, sends
// it once, bounds time and bytes, and keeps the status and an excerpt of what
// the vendor answers.
//
//	client, err := maia.New(maia.Config{Token: token})
//	...
//	photo, err := client.Upload(ctx, maia.File{Name: "photo.jpg", ContentType: "image/jpeg", Size: size}, file)
//	...
//	receipt, err := client.Send(ctx, maia.Message{
//		Channel:     "shop-support",
//		Content:     "Is this the right part?",
//		Attachments: []maia.Attachment{photo},
//		SessionID:   "customer-123",
//	})
//
// An answer never comes in the response: the vendor calls the channel's
// webhook, if it answers at all. VerifySignature tells its calls from others;
// package server holds a receiver for them.
//
// # What is sent twice
//
// The documentation names no key by which the vendor could tell a repeated
// call from a new one. Calls made with GET, and the request for an upload URL,
// which nobody sees, are repeated after connection failures, the statuses 429,
// 502, 503 and 504, and a 403 that means an exhausted rate limit. All others are
// repeated only when no connection came about. Error.RequestSent tells whether
// a failed call may have reached the vendor.
//
// # Where the token goes
//
// The token is sent to the scheme, host and port of Config.BaseURL only:
// redirects are not followed, files go to the storage host without it, and
// plain HTTP is refused unless the host is a loopback one. It appears in no
// error and in no printed or logged value.
//
// Everything below the facade is generated from the contract; the project is
// not affiliated with or endorsed by the vendor.
package maia
