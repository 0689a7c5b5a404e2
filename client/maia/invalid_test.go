package maia

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// TestInvalidCallsAreNotSent has a fault per rule of the contract.
func TestInvalidCallsAreNotSent(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answers("200 "+good))
	c := newTestClient(t, v.URL, Config{})
	send := func(m Message) func(context.Context) error {
		return func(ctx context.Context) error { _, err := c.Send(ctx, m); return err }
	}
	files := func(n int, size int64) (list []Attachment) {
		for range n {
			list = append(list, Attachment{FileKey: "k", FileName: "n", ContentType: "image/png", Size: size})
		}
		return list
	}
	upload := func(f File) func(context.Context) error {
		return func(ctx context.Context) error { _, err := c.Upload(ctx, f, strings.NewReader("abc")); return err }
	}
	for want, run := range map[string]func(context.Context) error{
		"sendMessage: Channel is empty":                          send(Message{Content: "x"}),
		"sendMessage: Content and Attachments are empty":         send(Message{Channel: "c"}),
		"sendMessage: Attachments are 11: at most 10":            send(Message{Channel: "c", Attachments: files(11, 1)}),
		"sendMessage: Attachments are larger than 100 MB in all": send(Message{Channel: "c", Attachments: files(10, 10_000_001)}),
		"sendMessage: Attachments are larger than 100 MB":        send(Message{Channel: "c", Attachments: files(2, 1<<63-1)}),
		"sendMessage: Attachments[0].FileKey is empty":           send(Message{Channel: "c", Attachments: []Attachment{{}}}),
		"sendMessage: Attachments[1].Size is negative":           send(Message{Channel: "c", Attachments: append(files(1, 1), files(1, -1)...)}),
		"sendMessage: ExternalUserID is empty": func(ctx context.Context) error {
			_, err := c.Echo(ctx, Message{Channel: "c", Content: "x"})
			return err
		},
		"sendMessage: SessionID is empty": func(ctx context.Context) error {
			_, err := c.Transfer(ctx, Message{Channel: "c", Content: "x", AgentID: "a"})
			return err
		},
		"sendMessage: AgentID and KanbanID are empty": func(ctx context.Context) error {
			_, err := c.Transfer(ctx, Message{Channel: "c", Content: "x", SessionID: "s"})
			return err
		},
		"createUpload: File.Name is empty":                       upload(File{ContentType: "image/png", Size: 3}),
		"createUpload: File.ContentType is not a media type":     upload(File{Name: "n", ContentType: "image/png\r\nX: y", Size: 3}),
		"createUpload: File.Size is negative":                    upload(jpeg(-1)),
		"createUpload: File.ContentType is of no documented":     upload(File{Name: "n", ContentType: "application/zip", Size: 3}),
		"createUpload: File.Category is none of":                 upload(File{Name: "n", ContentType: "image/png", Size: 3, Category: "font"}),
		"createUpload: File.Size is 10000001 bytes: a file of c": upload(jpeg(10_000_001)),
		"createUpload: content is nil":                           func(ctx context.Context) error { _, err := c.Upload(ctx, jpeg(3), nil); return err },
		"getAttachment: the file key is empty":                   func(ctx context.Context) error { _, err := c.DownloadURL(ctx, ""); return err },
		`getAttachment: the file key has a segment ".."`:         func(ctx context.Context) error { _, err := c.DownloadURL(ctx, "a/../../messages"); return err },
		`linkMessage: MessageID is ".."`: func(ctx context.Context) error {
			return c.Link(ctx, Link{SessionID: "s", MessageID: "..", ProviderMessageID: "p"})
		},
		"linkMessage: ProviderMessageID is empty": func(ctx context.Context) error { return c.Link(ctx, Link{SessionID: "s", MessageID: "m"}) },
		"updateMessageStatus: SessionID is empty": func(ctx context.Context) error {
			return c.ReportStatus(ctx, StatusReport{ProviderMessageID: "p", Status: StatusSent})
		},
		"updateMessageStatus: Status is none of": func(ctx context.Context) error {
			return c.ReportStatus(ctx, StatusReport{SessionID: "s", ProviderMessageID: "p", Status: "pending"})
		},
		"syncReaction: Emoji is empty": func(ctx context.Context) error {
			return c.AddReaction(ctx, Reaction{SessionID: "s", ProviderMessageID: "p"})
		},
		`syncReaction: SessionID is "."`: func(ctx context.Context) error {
			return c.RemoveReaction(ctx, Reaction{SessionID: ".", ProviderMessageID: "p"})
		},
		`setAIPaused: the session id is ".."`:   func(ctx context.Context) error { return c.PauseAI(ctx, "..") },
		"searchTemplates: the channel id is em": func(ctx context.Context) error { _, err := c.SearchTemplates(ctx, "", nil); return err },
		"searchTemplates: a query parameter has no name": func(ctx context.Context) error {
			_, err := c.SearchTemplates(ctx, "c", map[string]string{"": "x"})
			return err
		},
		"listKanbans: PageSize is negative": func(ctx context.Context) error {
			for _, err := range c.Kanbans(ctx, KanbanFilter{PageSize: -1}) {
				return err
			}
			return nil
		},
	} {
		err := run(t.Context())
		if e := asError(t, err); !errors.Is(err, ErrInvalid) || e.RequestSent || e.Wire() || e.Temporary() || !strings.HasPrefix(err.Error(), "maia: "+want) {
			t.Errorf("got %q, want %q", err, want)
		}
	}
	if got := v.seen(); len(got) != 0 {
		t.Errorf("%d calls were sent, the first %+v", len(got), got[0])
	}
}

// TestLimitsOfTheOtherMegabyte takes what is too large by the smaller reading.
func TestLimitsOfTheOtherMegabyte(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		contentType string
		category    Category
		limit       int64
	}{
		{"image/jpeg", "", 10}, {"image/PNG; x=1", "", 10}, {"image/gif", "", 10}, {"image/webp", "", 10},
		{"audio/mpeg", "", 25}, {"audio/ogg; codecs=opus", "", 25}, {"audio/webm", "", 25}, {"audio/amr", "", 25},
		{"video/mp4", "", 50}, {"video/webm", "", 50}, {"video/quicktime", "", 50},
		{"application/pdf", "", 25}, {"text/csv; charset=utf-8", "", 25}, {"application/msword", "", 25},
		{"application/octet-stream", CategoryDocument, 25}, {"image/jpeg", CategoryVideo, 50},
	} {
		for _, megabyte := range []int64{DefaultMegabyteBytes, 1 << 20} {
			file := File{Name: "n", ContentType: tc.contentType, Category: tc.category, Size: tc.limit * megabyte}
			if fault := file.fault(megabyte); fault != "" {
				t.Errorf("%s of %d bytes: got %q, want it taken", tc.contentType, file.Size, fault)
			}
			file.Size++
			if fault := file.fault(megabyte); !strings.Contains(fault, "may have") {
				t.Errorf("%s of %d bytes: got %q, want it refused", tc.contentType, file.Size, fault)
			}
		}
	}
}
