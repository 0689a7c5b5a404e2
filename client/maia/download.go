package maia

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/parley-contracts/parley/client/internal/wire"
	"github.com/parley-contracts/parley/gen/maia"
)

// Download is where a file can be fetched for a while.
type Download struct {
	// URL lets anyone fetch the file until it expires, so keep it out of logs.
	URL string
	// Expires is when URL stops working, by the documentation an hour after it
	// was made; to the millisecond.
	Expires time.Time
	// ContentType is the file's media type.
	ContentType string
	// Size is the file's size in bytes.
	Size int64
}

// DownloadURL asks where a file can be fetched. The key is the whole one of
// Attachment.FileKey, whose slashes stand in the path as they are. Fetch the
// file without the token.
//
//contract:operation getAttachment
func (c *Client) DownloadURL(ctx context.Context, fileKey string) (Download, error) {
	if fault := keyFault(fileKey); fault != "" {
		return Download{}, invalid(opAttachment, fault)
	}
	got, failure := c.call(ctx, opAttachment, func(ctx context.Context) (*http.Response, error) {
		return c.api.GetAttachment(ctx, fileKey, c.rawKey(fileKey))
	})
	if failure != nil {
		return Download{}, failure
	}
	m, err := wire.ReadMembers(got.Body)
	if err != nil {
		return Download{}, c.malformed(opAttachment, got, err)
	}
	var d Download
	var faults [4]error
	var millis int64
	d.URL, faults[0] = wire.Read[string](m, "downloadUrl")
	millis, faults[1] = wire.Read[int64](m, "expiresAt")
	d.ContentType, faults[2] = wire.Read[string](m, "contentType")
	d.Size, faults[3] = wire.Read[int64](m, "size")
	d.Expires = time.UnixMilli(millis).UTC()
	if err := cmp.Or(faults[:]...); err != nil {
		return Download{}, c.malformed(opAttachment, got, err)
	}
	return d, nil
}

// rawKey writes the path anew: OpenAPI has no way to say that a parameter's
// slashes are not escaped, so the generated client escapes them.
func (c *Client) rawKey(fileKey string) maia.RequestEditorFn {
	segments := strings.Split(fileKey, "/")
	for i, segment := range segments {
		segments[i] = url.PathEscape(segment)
	}
	base := c.caller.Base()
	return func(_ context.Context, r *http.Request) error {
		r.URL.Path = strings.TrimSuffix(base.Path, "/") + "/attachments/" + fileKey
		r.URL.RawPath = strings.TrimSuffix(base.EscapedPath(), "/") + "/attachments/" + strings.Join(segments, "/")
		return nil
	}
}

// keyFault says what keeps a key from being the end of a path, or "".
func keyFault(fileKey string) string {
	if fileKey == "" {
		return "the file key is empty: take it from the attachment"
	}
	for segment := range strings.SplitSeq(fileKey, "/") {
		if segment == "." || segment == ".." {
			return `the file key has a segment "` + segment + `", which cannot be in a path`
		}
	}
	return ""
}
