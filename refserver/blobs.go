package refserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/parley-contracts/parley/refserver/internal/blob"
)

// BlobConfig says where uploaded files are kept.
type BlobConfig struct {
	// Location is the path of a folder, made when there is none, or
	// s3://BUCKET, s3://BUCKET/PREFIX for a bucket of an S3-compatible store.
	// Several nodes need the latter, or a folder that all of them see. Empty
	// means a temporary folder that Close removes.
	Location string
	// BaseURL is the address under which users reach the path /blobs of this
	// server, such as "https://host.example/blobs"; it begins the presigned
	// URLs of a folder. Empty means the address that the request was sent to.
	BaseURL string
	// Endpoint is the URL of the S3-compatible store. Presigned URLs begin
	// with it. Default "https://s3.amazonaws.com".
	Endpoint string
	// Region of the store. Default "us-east-1".
	Region string
	// AccessKey and SecretKey open the bucket.
	AccessKey string
	SecretKey string
}

// blobPath is where the presigned URLs of a folder are served.
const blobPath = "/blobs"

// blobs is the store of files with what it needs around it.
type blobs struct {
	blob.Store
	// handler serves the presigned URLs; nil where the store does that itself.
	handler http.Handler
	close   func() error
	// tempDir is removed by Close when not empty.
	tempDir string
}

func openBlobs(ctx context.Context, config BlobConfig, clock Clock) (*blobs, error) {
	if rest, ok := strings.CutPrefix(config.Location, "s3://"); ok {
		return openS3(ctx, rest, config)
	}
	b := &blobs{}
	if config.Location == "" {
		var err error
		if b.tempDir, err = os.MkdirTemp("", "refserver-blobs-*"); err != nil {
			return nil, fmt.Errorf("make a folder for blobs: %w", err)
		}
		config.Location = b.tempDir
	}
	// The handler is mounted at blobPath whatever stands before it outside.
	if config.BaseURL != "" {
		u, err := url.Parse(config.BaseURL)
		if err != nil || u.Host == "" || u.Path != blobPath {
			return nil, errors.Join(fmt.Errorf("base URL of blobs %q: want https://HOST%s", config.BaseURL, blobPath), b.Close())
		}
	}
	files, err := blob.OpenFile(config.Location, blob.FileConfig{BaseURL: config.BaseURL, Now: clock.Now})
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	b.Store, b.handler, b.close = files, files.Handler(), files.Close
	return b, nil
}

func openS3(ctx context.Context, location string, config BlobConfig) (*blobs, error) {
	bucket, prefix, _ := strings.Cut(location, "/")
	if bucket == "" {
		return nil, fmt.Errorf("blobs in s3://%s: want s3://BUCKET or s3://BUCKET/PREFIX", location)
	}
	if config.Endpoint == "" {
		config.Endpoint = "https://s3.amazonaws.com"
	}
	s3, err := blob.OpenS3(ctx, blob.S3Config{
		Endpoint: config.Endpoint, Region: config.Region, Bucket: bucket, Prefix: prefix,
		AccessKey: config.AccessKey, SecretKey: config.SecretKey,
	})
	if err != nil {
		return nil, err
	}
	return &blobs{Store: s3, close: s3.Close}, nil
}

// Close closes the store and removes a temporary folder.
func (b *blobs) Close() error {
	var errs []error
	if b.close != nil {
		errs = append(errs, b.close())
	}
	if b.tempDir != "" {
		errs = append(errs, os.RemoveAll(b.tempDir))
	}
	return errors.Join(errs...)
}

// serves reports whether the request is for a presigned URL of this server.
func (b *blobs) serves(r *http.Request) bool {
	return b.handler != nil && strings.HasPrefix(r.URL.Path, blobPath+"/")
}
