package maia

import (
	"fmt"
	"mime"
)

// Category is what kind of file an attachment is, which decides how large it
// may be.
type Category string

// The categories and their documented limits.
const (
	CategoryImage    Category = "image"    // 10 MB
	CategoryAudio    Category = "audio"    // 25 MB
	CategoryVideo    Category = "video"    // 50 MB
	CategoryDocument Category = "document" // 25 MB
)

// megabytes is the category's limit, 0 for a category that does not exist.
func (c Category) megabytes() int64 {
	switch c {
	case CategoryImage:
		return 10
	case CategoryAudio, CategoryDocument:
		return 25
	case CategoryVideo:
		return 50
	default:
		return 0
	}
}

// CategoryOf is the category of a media type, "" for one that belongs to no
// documented format. The documentation lists formats, such as MP3, without
// their media types; the ones that are in use for them are known here.
func CategoryOf(contentType string) Category {
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	switch mediaType {
	case "image/jpeg", "image/png", "image/gif", "image/webp":
		return CategoryImage
	case "audio/mpeg", "audio/mp3", // MP3
		"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave", // WAV
		"audio/ogg", "application/ogg", "audio/opus", // OGG
		"audio/mp4", "audio/m4a", "audio/x-m4a", // M4A
		"audio/webm", "audio/aac", "audio/x-aac", "audio/amr":
		return CategoryAudio
	case "video/mp4", "video/webm", "video/quicktime":
		return CategoryVideo
	case "application/pdf", "text/plain", "text/csv",
		"application/msword",            // DOC
		"application/vnd.ms-excel",      // XLS
		"application/vnd.ms-powerpoint", // PPT
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation":
		return CategoryDocument
	default:
		return ""
	}
}

// sizeFault says that a file is too large for its category, or "".
func (c Category) sizeFault(size, megabyte int64) string {
	if limit := c.megabytes(); size > limit*megabyte {
		return fmt.Sprintf("Size is %d bytes: a file of category %s may have %d MB of %d bytes", size, c, limit, megabyte)
	}
	return ""
}
