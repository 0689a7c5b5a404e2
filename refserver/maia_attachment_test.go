package refserver_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/client/maia"
	"github.com/parley-contracts/parley/refserver"
)

// manualClock stands still between the moves of a test.
type manualClock struct{ nanos atomic.Int64 }

func newManualClock(t time.Time) *manualClock {
	c := &manualClock{}
	c.nanos.Store(t.UnixNano())
	return c
}

func (c *manualClock) Now() time.Time          { return time.Unix(0, c.nanos.Load()) }
func (c *manualClock) advance(d time.Duration) { c.nanos.Add(int64(d)) }

// client is the typed client of the server's account.
func (s *maiaServer) client() *maia.Client {
	s.t.Helper()
	client, err := maia.New(maia.Config{Token: s.token, BaseURL: s.URL, Transport: s.http.Transport, MaxRetries: -1})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(client.Close)
	return client
}

// transfer sends or fetches a file at a presigned URL, without the token.
func transfer(t *testing.T, method, url, contentType, content string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// TestMAIAAttachment uploads a voice message, sends it, and fetches it by the
// operation and by the webhook.
func TestMAIAAttachment(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		srv := startMAIA(t, refserver.Config{Database: database}, nil)
		client := srv.client()
		const content = "not really Opus"
		file := maia.File{Name: `C:\voice notes\frage für sie.ogg`, ContentType: "audio/ogg; codecs=opus", Size: int64(len(content))}
		attachment, err := client.Upload(t.Context(), file, strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		prefix := "attachments/acc1/" + time.Now().UTC().Format("2006/01") + "/"
		if !strings.HasPrefix(attachment.FileKey, prefix) || !strings.HasSuffix(attachment.FileKey, "-frage_f_r_sie.ogg") {
			t.Errorf("key: got %q, want %s..., its end in plain characters", attachment.FileKey, prefix)
		}
		receipt, err := client.Send(t.Context(), maia.Message{
			Channel: "forward", SessionID: "s", ExternalUserID: "u1", Attachments: []maia.Attachment{attachment},
		})
		if err != nil || !receipt.NewSession {
			t.Fatalf("send: got %+v, %v", receipt, err)
		}
		got := srv.rec.wait(t, "forward", 1)[0].Body
		sent := got["attachments"].([]any)[0].(m)
		want := m{"id": sent["id"], "url": sent["url"], "type": "audio", "size": float64(len(content)), "mimeType": file.ContentType}
		if diff := cmp.Diff(want, sent); diff != "" || got["direction"] != "incoming" || got["externalUserId"] != "u1" || got["response"] != "" {
			t.Errorf("webhook: got %v, attachment (-want +got):\n%s", got, diff)
		}
		download, err := client.DownloadURL(t.Context(), attachment.FileKey)
		if err != nil {
			t.Fatal(err)
		}
		if left := time.Until(download.Expires); left < 59*time.Minute || left > time.Hour || download.Size != file.Size || download.ContentType != file.ContentType {
			t.Errorf("download: got %+v", download)
		}
		for _, url := range []string{sent["url"].(string), download.URL} {
			if status, body := transfer(t, "GET", url, "", ""); status != http.StatusOK || body != content {
				t.Errorf("fetch: got %d %q", status, body)
			}
		}
	})
}

func TestMAIAUploadLimits(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	for _, tc := range []struct {
		contentType string
		most        int64
	}{
		{"image/jpeg", 10_000_000},
		{"audio/webm", 25_000_000},
		{"video/webm", 50_000_000},
		{"application/pdf", 25_000_000},
		{"application/x-of-no-documented-format", 25_000_000},
	} {
		body := m{"fileName": "f", "contentType": tc.contentType, "size": tc.most}
		srv.want(http.StatusOK, "POST", "/messages/upload", body)
		body["size"] = tc.most + 1
		srv.want(http.StatusBadRequest, "POST", "/messages/upload", body)
	}
	for _, body := range []m{
		{"fileName": "f", "contentType": "image/jpeg"},
		{"fileName": "f", "contentType": "jpeg", "size": 1},
		{"fileName": "f", "contentType": "image/jpeg\n", "size": 1},
		{"fileName": "", "contentType": "image/jpeg", "size": 1},
		{"fileName": "f", "contentType": "image/jpeg", "size": -1},
	} {
		srv.want(http.StatusBadRequest, "POST", "/messages/upload", body)
	}
	// Ten files of 100 MB in all pass the limits; see TestMAIARefusals for more.
	got := srv.want(http.StatusBadRequest, "POST", "/messages", m{"fromChannelIdentifier": "shop", "attachments": attachments(10, "k", 10_000_000)})
	if got["message"] != "attachments[0]: nothing was uploaded under its fileKey" {
		t.Errorf("ten files: got %v, want the limits passed", got)
	}
}

func TestMAIAAttachmentMustBeAsAnnounced(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	upload := srv.want(http.StatusOK, "POST", "/messages/upload", m{"fileName": "a.png", "contentType": "image/png", "size": 3})
	key := upload["fileKey"].(string)
	send := func(want int, text, contentType string, size int) {
		t.Helper()
		got := srv.want(want, "POST", "/messages", m{"fromChannelIdentifier": "shop", "content": "", "attachments": []m{
			{"fileKey": key, "fileName": "a.png", "contentType": contentType, "size": size},
		}})
		if text != "" && got["message"] != text {
			t.Errorf("got %v, want %q", got["message"], text)
		}
	}
	send(400, "attachments[0]: nothing was uploaded under its fileKey", "image/png", 3)
	srv.want(404, "GET", "/attachments/"+key, nil)
	url := upload["uploadUrl"].(string)
	for _, bad := range []struct{ contentType, content string }{{"image/gif", "abc"}, {"", "abc"}, {"image/png", "abcd"}, {"image/png", "ab"}} {
		if status, _ := transfer(t, "PUT", url, bad.contentType, bad.content); status != http.StatusForbidden {
			t.Errorf("PUT of %q as %q: got %d, want 403", bad.content, bad.contentType, status)
		}
	}
	if status, _ := transfer(t, "PUT", url, "image/png", "abc"); status != http.StatusOK {
		t.Fatalf("PUT: got %d", status)
	}
	send(400, "attachments[0].size is not the one that was announced", "image/png", 4)
	send(400, "attachments[0].contentType is not the one that was announced", "image/gif", 3)
	send(202, "", "image/png", 3)
	srv.want(200, "GET", "/attachments/"+key, nil)
	srv.want(200, "GET", "/attachments/"+strings.ReplaceAll(key, "/", "%2F"), nil)

	foreign, err := srv.CreateMAIAAccount(t.Context(), "foreign", *maiaSetup(srv.rec))
	if err != nil {
		t.Fatal(err)
	}
	srv.token = foreign
	srv.want(403, "GET", "/attachments/"+key, nil)
	send(403, "Token has no access to this resource", "image/png", 3)
}

func TestMAIAPresignedURLsExpire(t *testing.T) {
	t.Parallel()
	clock := newManualClock(time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC))
	srv := startMAIA(t, refserver.Config{Clock: clock}, nil)
	announce := func() m {
		t.Helper()
		return srv.want(http.StatusOK, "POST", "/messages/upload", m{"fileName": "a.png", "contentType": "image/png", "size": 3})
	}
	late := announce()
	if got, want := int64(late["expiresAt"].(float64)), clock.Now().Add(15*time.Minute).UnixMilli(); got != want {
		t.Errorf("expiresAt of the upload: got %d, want %d", got, want)
	}
	if !strings.HasPrefix(late["fileKey"].(string), "attachments/acc1/2026/02/") {
		t.Errorf("key: got %v, want the clock's month in it", late["fileKey"])
	}
	clock.advance(15 * time.Minute)
	if status, _ := transfer(t, "PUT", late["uploadUrl"].(string), "image/png", "abc"); status != http.StatusForbidden {
		t.Errorf("PUT after 15 minutes: got %d, want 403", status)
	}
	upload := announce()
	clock.advance(15*time.Minute - time.Second)
	if status, _ := transfer(t, "PUT", upload["uploadUrl"].(string), "image/png", "abc"); status != http.StatusOK {
		t.Fatalf("PUT within 15 minutes: got %d", status)
	}
	download := srv.want(http.StatusOK, "GET", "/attachments/"+upload["fileKey"].(string), nil)
	if got, want := int64(download["expiresAt"].(float64)), clock.Now().Add(time.Hour).UnixMilli(); got != want {
		t.Errorf("expiresAt of the download: got %d, want %d", got, want)
	}
	url := download["downloadUrl"].(string)
	clock.advance(time.Hour - time.Second)
	if status, body := transfer(t, "GET", url, "", ""); status != http.StatusOK || body != "abc" {
		t.Errorf("GET within the hour: got %d %q", status, body)
	}
	clock.advance(time.Second)
	if status, _ := transfer(t, "GET", url, "", ""); status != http.StatusForbidden {
		t.Errorf("GET after an hour: got %d, want 403", status)
	}
}

func TestMAIAUploadOfTheWrongSizeStoresNothing(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	_, err := srv.client().Upload(t.Context(), maia.File{Name: "a.png", ContentType: "image/png", Size: 10}, bytes.NewReader([]byte("abc")))
	if !errors.Is(err, maia.ErrInvalid) {
		t.Errorf("upload of too few bytes: got %v, want ErrInvalid", err)
	}
}
