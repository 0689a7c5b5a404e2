// Package blob keeps files that are too large for the database: in a folder,
// which serves one machine, or in an S3-compatible store, which serves several
// nodes. Both are a Store and behave alike, presigned URLs included.
//
//	blobs, err := blob.OpenFile("/var/lib/parley/blobs", blob.FileConfig{BaseURL: "/blobs"})
//	...
//	defer blobs.Close()
//	url, err := blobs.SignPut(ctx, "uploads/42", "image/png", 1024, time.Minute)
//
// It knows nothing of who may read what: the right to a presigned URL is
// checked before it is signed.
package blob
