package register

import (
	"bytes"
	"io/fs"
	"path"
	"time"
)

// patched is a file system with some files replaced.
type patched struct {
	base  fs.FS
	files map[string][]byte
}

// Open opens the replaced file, else that of the base.
func (p *patched) Open(name string) (fs.File, error) {
	data, ok := p.files[name]
	if !ok {
		return p.base.Open(name)
	}
	return &patchedFile{Reader: bytes.NewReader(data), info: patchedInfo{name: path.Base(name), size: int64(len(data))}}, nil
}

// patchedFile is an open file of patched.
type patchedFile struct {
	*bytes.Reader
	info patchedInfo
}

// Stat describes the file.
func (f *patchedFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close does nothing.
func (f *patchedFile) Close() error { return nil }

// patchedInfo describes a file of patched.
type patchedInfo struct {
	name string
	size int64
}

func (i patchedInfo) Name() string       { return i.name }
func (i patchedInfo) Size() int64        { return i.size }
func (i patchedInfo) Mode() fs.FileMode  { return 0o444 }
func (i patchedInfo) ModTime() time.Time { return time.Time{} }
func (i patchedInfo) IsDir() bool        { return false }
func (i patchedInfo) Sys() any           { return nil }
