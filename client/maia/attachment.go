package maia

// Attachment is a file of a message that was uploaded before, as Upload
// returns it. All of its fields are needed.
type Attachment struct {
	// ContentType is the file's media type.
	ContentType string
	// FileKey is the vendor's name of the file, with slashes.
	FileKey string
	// FileName is the file's name.
	FileName string
	// Size is the file's size in bytes.
	Size int64
}

// fault names the field that is missing or wrong, or is "".
func (a Attachment) fault() string {
	switch {
	case a.FileKey == "":
		return "FileKey is empty: upload the file first"
	case a.FileName == "":
		return "FileName is empty"
	case a.ContentType == "":
		return "ContentType is empty"
	case a.Size < 0:
		return "Size is negative"
	default:
		return ""
	}
}
