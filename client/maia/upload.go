package maia

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"

	"github.com/parley-contracts/parley/client/internal/wire"
	"github.com/parley-contracts/parley/gen/maia"
)

// File describes a file before it is uploaded.
type File struct {
	// Name is the file's name, which becomes the end of its key; needed.
	Name string
	// ContentType is the file's media type; needed.
	ContentType string
	// Size is the exact number of bytes.
	Size int64
	// Category whose size limit counts; empty means CategoryOf(ContentType).
	// Give it for a media type that is not known here.
	Category Category
}

// Upload stores a file and returns what a message needs to carry it. It checks
// the file against the documented formats and sizes, asks for an upload URL and
// sends the content there, to another host, without the token.
//
// The content is streamed and must have exactly File.Size bytes: with one more
// or less nothing is stored and the error is one with ErrInvalid. An error of
// content itself is the cause of the error. Content is not closed, and not read
// once Upload has returned, unless ctx or Config.UploadTimeout ended during a
// Read that still runs. To try again, call Upload with the content from its
// start.
//
//contract:operation createUpload
func (c *Client) Upload(ctx context.Context, file File, content io.Reader) (Attachment, error) {
	fault := file.fault(c.config.MegabyteBytes)
	if fault == "" && content == nil {
		fault = "content is nil: give a reader of the file"
	}
	if fault != "" {
		return Attachment{}, invalid(opUpload, fault)
	}
	got, failure := c.call(ctx, opUpload, func(ctx context.Context) (*http.Response, error) {
		return c.api.CreateUpload(ctx, maia.CreateUploadRequest{
			ContentType: file.ContentType, FileName: file.Name, Size: file.Size,
		})
	})
	if failure != nil {
		return Attachment{}, failure
	}
	target, key, err := c.parseUpload(got.Body)
	if err != nil {
		return Attachment{}, c.malformed(opUpload, got, err)
	}
	if err := c.put(ctx, target, file, content); err != nil {
		return Attachment{}, err
	}
	return Attachment{ContentType: file.ContentType, FileKey: key, FileName: file.Name, Size: file.Size}, nil
}

// fault says why the vendor would not take the file, or "".
func (f File) fault(megabyte int64) string {
	if f.Name == "" {
		return "File.Name is empty"
	}
	if _, _, err := mime.ParseMediaType(f.ContentType); err != nil {
		return "File.ContentType is not a media type such as image/jpeg"
	}
	if f.Size < 0 {
		return "File.Size is negative"
	}
	category := f.Category
	if category == "" {
		category = CategoryOf(f.ContentType)
	}
	if category == "" {
		return "File.ContentType is of no documented format: set File.Category if the vendor takes it"
	}
	if category.megabytes() == 0 {
		return "File.Category is none of image, audio, video and document"
	}
	if fault := category.sizeFault(f.Size, megabyte); fault != "" {
		return "File." + fault
	}
	return ""
}

// parseUpload reads where the file goes and how messages name it.
func (c *Client) parseUpload(body []byte) (target *url.URL, key string, err error) {
	m, err := wire.ReadMembers(body)
	if err != nil {
		return nil, "", err
	}
	raw, err := wire.Read[string](m, "uploadUrl")
	if err != nil {
		return nil, "", err
	}
	key, err = wire.Read[string](m, "fileKey")
	if err == nil && key == "" {
		err = fmt.Errorf("%w: fileKey is empty", ErrMalformed)
	}
	if err != nil {
		return nil, "", err
	}
	// Errors do not quote the URL, whose query lets anyone write the file.
	target, parseErr := url.Parse(raw)
	switch {
	case parseErr != nil || target.Hostname() == "" || (target.Scheme != "https" && target.Scheme != "http"):
		return nil, "", fmt.Errorf("%w: uploadUrl is not an absolute URL", ErrMalformed)
	case target.User != nil:
		return nil, "", fmt.Errorf("%w: uploadUrl holds user information", ErrMalformed)
	case target.Scheme == "http" && !c.plainHTTP(target):
		return nil, "", fmt.Errorf("%w: uploadUrl would send the file unencrypted: set AllowPlainHTTP to let it", ErrMalformed)
	}
	return target, key, nil
}

// plainHTTP says that a file may go to the URL unencrypted: when the caller
// allows it, or within this machine.
func (c *Client) plainHTTP(target *url.URL) bool {
	return c.config.AllowPlainHTTP || (wire.IsLoopback(c.caller.Base().Hostname()) && wire.IsLoopback(target.Hostname()))
}

// put sends the content. The presigned URL is all the storage host wants: the
// request has no token and is not one of the generated client's.
func (c *Client) put(ctx context.Context, target *url.URL, file File, content io.Reader) error {
	op := opPut.wire()
	op.Timeout = c.config.UploadTimeout
	wait, cancel := context.WithTimeout(ctx, c.config.UploadTimeout)
	defer cancel()
	body := newExactReader(content, file.Size)
	if file.Size == 0 {
		// The transport does not read a body of no bytes.
		if _, err := body.read(wait, make([]byte, 1)); !errors.Is(err, io.EOF) {
			body.stop(wait)
			return contentError(&Error{Operation: string(opPut)}, err)
		}
	}
	got, failure := c.caller.Call(ctx, op, func(ctx context.Context) (*http.Response, error) {
		return c.storage.Do(putRequest(ctx, target, file, body, c.config.UserAgent))
	})
	complete := body.stop(wait)
	switch fault := body.fault(); {
	case failure == nil && complete:
		return nil
	case failure == nil && fault == nil:
		return c.malformed(opPut, got, fmt.Errorf("%w: the storage host reports success before it has the whole file", ErrMalformed))
	case failure == nil:
		return contentError(&Error{Operation: string(opPut), Status: got.Status, RequestSent: true}, fault)
	case fault != nil && failure.Kind != wire.KindStatus:
		return contentError(newError(failure), fault)
	}
	e := newError(failure)
	if query := target.RawQuery; query != "" {
		// Storage hosts quote what they were asked.
		e.Message = wire.Printable(e.Message, query, wire.MaxMessageBytes)
		e.Excerpt = wire.Printable(e.Excerpt, query, wire.MaxExcerptBytes)
	}
	return e
}

func putRequest(ctx context.Context, target *url.URL, file File, content *exactReader, userAgent string) *http.Request {
	request := &http.Request{
		Method:        http.MethodPut,
		URL:           target,
		Host:          target.Host,
		Header:        http.Header{"Content-Type": {file.ContentType}, "User-Agent": {userAgent}},
		Body:          http.NoBody, // with another body, a length of 0 would mean that it is not known
		ContentLength: file.Size,
	}
	if file.Size > 0 {
		request.Body = body{ctx, content}
	}
	return request.WithContext(ctx)
}

// contentError makes e the error of a content that is not as it should be.
func contentError(e *Error, fault error) *Error {
	e.kind, e.cause = wire.KindInvalid, fault
	e.detail = "content: " + wire.Printable(fault.Error(), "", wire.MaxMessageBytes)
	return e
}
