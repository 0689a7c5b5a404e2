package blob_test

import (
	"crypto/rand"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/parley-contracts/parley/refserver/internal/blob"
)

// s3Store is the S3-compatible store of the tests, false when there is none. On
// a build machine there must be one.
func s3Store(t *testing.T) (blob.S3Config, bool) {
	t.Helper()
	config := blob.S3Config{
		Endpoint:  os.Getenv("TEST_S3_ENDPOINT"),
		AccessKey: os.Getenv("TEST_S3_ACCESS_KEY"), SecretKey: os.Getenv("TEST_S3_SECRET_KEY"),
	}
	if config.Endpoint == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("TEST_S3_ENDPOINT is not set: start a store with .ci/services")
		}
		t.Log("TEST_S3_ENDPOINT is not set: nothing was tested against an S3-compatible store")
		return config, false
	}
	return config, true
}

// newBucket makes a bucket of the test's own.
func newBucket(t *testing.T, config blob.S3Config) string {
	t.Helper()
	endpoint, err := url.Parse(config.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds: credentials.NewStaticV4(config.AccessKey, config.SecretKey, ""), Region: "us-east-1", Transport: transport,
	})
	if err != nil {
		t.Fatal(err)
	}
	name := "test-" + strings.ToLower(rand.Text())
	if err := client.MakeBucket(t.Context(), name, minio.MakeBucketOptions{}); err != nil {
		t.Fatal(err)
	}
	return name
}

func openS3(t *testing.T, config blob.S3Config) *blob.S3 {
	t.Helper()
	s3, err := blob.OpenS3(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s3.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s3
}

func TestS3(t *testing.T) {
	t.Parallel()
	config, ok := s3Store(t)
	if !ok {
		return
	}
	for name, prefix := range map[string]string{"bucket": "", "prefix": "some/folder"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testStore(t, func(t *testing.T) blob.Store {
				config := config
				config.Bucket, config.Prefix = newBucket(t, config), prefix
				return openS3(t, config)
			})
		})
	}
}

// TestS3LargePut is more than one part of an upload in parts.
func TestS3LargePut(t *testing.T) {
	t.Parallel()
	config, ok := s3Store(t)
	if !ok {
		return
	}
	config.Bucket = newBucket(t, config)
	s := openS3(t, config)
	const size = 20 << 20
	info := blob.Info{ContentType: plain, Size: size}
	if err := s.Put(t.Context(), "large", info, io.LimitReader(zeros{}, size)); err != nil {
		t.Fatal(err)
	}
	got, err := s.Stat(t.Context(), "large")
	if err != nil || got != info {
		t.Errorf("stat: got %+v, %v, want %+v", got, err, info)
	}
}

// zeros is an endless reader.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestS3RefusesAtOpening(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"", "host:9000", "ftp://host", "http://host/path", "http://\x00"} {
		if _, err := blob.OpenS3(t.Context(), blob.S3Config{Endpoint: endpoint, Bucket: "b"}); err == nil {
			t.Errorf("endpoint %q: got no error", endpoint)
		}
	}
	config, ok := s3Store(t)
	if !ok {
		return
	}
	config.Bucket = "never-made"
	if _, err := blob.OpenS3(t.Context(), config); err == nil || !strings.Contains(err.Error(), "never-made") {
		t.Errorf("missing bucket: got %v, want an error that names it", err)
	}
	config.Bucket, config.SecretKey = newBucket(t, config), "wrong"
	_, err := blob.OpenS3(t.Context(), config)
	if err == nil || strings.Contains(err.Error(), "wrong") {
		t.Errorf("wrong key: got %v, want an error without it", err)
	}
}
