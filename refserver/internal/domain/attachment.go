package domain

import (
	"fmt"
	"mime"
	"path"
	"strings"
	"time"
)

// megabyte is what the documented limits mean by MB.
const megabyte = 1_000_000

// The limits of one message.
const (
	maxAttachments  = 10
	maxMessageBytes = 100 * megabyte
)

// Category is what kind of file an attachment is.
type Category string

// The categories.
const (
	CategoryImage    Category = "image"
	CategoryAudio    Category = "audio"
	CategoryVideo    Category = "video"
	CategoryDocument Category = "document"
)

// CategoryOf is the category of a media type; what is neither image, audio nor
// video is a document, since other types than the listed ones are taken.
func CategoryOf(contentType string) Category {
	kind, _, _ := strings.Cut(strings.ToLower(contentType), "/")
	switch category := Category(kind); category {
	case CategoryImage, CategoryAudio, CategoryVideo:
		return category
	default:
		return CategoryDocument
	}
}

// MaxBytes is how large a file of the category may be.
func (c Category) MaxBytes() int64 {
	switch c {
	case CategoryImage:
		return 10 * megabyte
	case CategoryVideo:
		return 50 * megabyte
	default:
		return 25 * megabyte
	}
}

// File is a file that was announced and, perhaps, uploaded.
type File struct {
	AccountID   int64
	Key         string
	Name        string
	ContentType string
	Size        int64
}

// NewFile announces a file. The id makes its key unique.
func NewFile(account Account, id, name, contentType string, size int64, now time.Time) (File, error) {
	if name == "" {
		return File{}, invalid("fileName is required")
	}
	if size < 1 {
		return File{}, invalid("size is required, in bytes")
	}
	if !isMediaType(contentType) {
		return File{}, invalid("contentType is not a media type such as image/jpeg")
	}
	category := CategoryOf(contentType)
	if limit := category.MaxBytes(); size > limit {
		return File{}, invalid(fmt.Sprintf("size is %d bytes: a file of category %s may have %d", size, category, limit))
	}
	key := fmt.Sprintf("attachments/acc%d/%s/%s-%s", account.ID, now.UTC().Format("2006/01"), id, keyName(name))
	return File{AccountID: account.ID, Key: key, Name: name, ContentType: contentType, Size: size}, nil
}

// isMediaType reports whether a header could say contentType.
func isMediaType(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	unprintable := func(r rune) bool { return r < ' ' || r > '~' }
	return err == nil && strings.Contains(mediaType, "/") && len(contentType) <= 255 && !strings.ContainsFunc(contentType, unprintable)
}

// keyName is the end of a key: the file's name in the characters that every
// file system and every URL takes.
func keyName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	safe := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return '_'
	}, name)
	const most = 200
	return safe[max(0, len(safe)-most):]
}

// Attachment is a file that a message carries.
type Attachment struct {
	ID          string `json:"id"`
	FileKey     string `json:"fileKey"`
	FileName    string `json:"fileName"`
	ContentType string `json:"contentType"`
	Size        int64  `json:"size"`
}

// CheckAttachments reports whether a message may carry so much.
func CheckAttachments(attachments []Attachment) error {
	if len(attachments) > maxAttachments {
		return invalid(fmt.Sprintf("attachments: %d, at most %d are taken", len(attachments), maxAttachments))
	}
	left := int64(maxMessageBytes)
	for _, a := range attachments {
		// Subtracted, since a sum could overflow.
		if left -= min(max(a.Size, 0), left+1); left < 0 {
			return invalid(fmt.Sprintf("attachments: larger than %d bytes in all", maxMessageBytes))
		}
	}
	return nil
}

// CheckFile reports whether the attachment, the i-th of its message, is the
// file as it was announced.
func (a Attachment) CheckFile(i int, account Account, file File) error {
	switch {
	case file.AccountID != account.ID:
		return ErrNoAccess
	case a.Size != file.Size:
		return invalid(fmt.Sprintf("attachments[%d].size is not the one that was announced", i))
	case a.ContentType != file.ContentType:
		return invalid(fmt.Sprintf("attachments[%d].contentType is not the one that was announced", i))
	}
	return nil
}

// UnknownAttachment answers a message whose i-th attachment was not uploaded.
func UnknownAttachment(i int) error {
	return invalid(fmt.Sprintf("attachments[%d]: nothing was uploaded under its fileKey", i))
}

// ErrUnknownFile answers a key under which nothing was uploaded.
var ErrUnknownFile = notFound("Attachment not found")
