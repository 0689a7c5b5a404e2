package blob

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3Config sets up an S3.
type S3Config struct {
	// Endpoint is the address of the store, such as
	// "https://s3.eu-central-1.amazonaws.com". Presigned URLs begin with it, so
	// their users must reach it too.
	Endpoint string
	// Region is part of every signature. Default "us-east-1".
	Region string
	Bucket string
	// Prefix stands before every key, without a slash at its end; it is a key
	// itself. Empty for none.
	Prefix string
	// AccessKey and SecretKey sign every request.
	AccessKey string
	SecretKey string
	// Transport makes the requests. Default is one like
	// http.DefaultTransport, whose idle connections Close closes.
	Transport *http.Transport
}

// S3 is a Store in one bucket of an S3-compatible store.
type S3 struct {
	core      minio.Core
	config    S3Config
	transport *http.Transport
}

var _ Store = (*S3)(nil)

const (
	// s3Retries is the number of attempts of a request that the store could
	// not take.
	s3Retries = 3
	// headerTimeout bounds the wait for the store's answer to begin.
	headerTimeout = 30 * time.Second
)

// OpenS3 checks that the bucket exists and that the keys open it. Close the S3.
func OpenS3(ctx context.Context, config S3Config) (*S3, error) {
	config.Region = cmp.Or(config.Region, "us-east-1")
	endpoint, err := url.Parse(config.Endpoint)
	if err != nil || endpoint.Host == "" || endpoint.Scheme != "http" && endpoint.Scheme != "https" || endpoint.Path != "" && endpoint.Path != "/" {
		return nil, fmt.Errorf("blob store %q: want http(s)://HOST", config.Endpoint)
	}
	if config.Prefix != "" {
		if err := checkKey(config.Prefix); err != nil {
			return nil, fmt.Errorf("prefix of blobs: %w", err)
		}
	}
	s := &S3{config: config, transport: config.Transport}
	if s.transport == nil {
		s.transport = &http.Transport{
			ForceAttemptHTTP2: true, DisableCompression: true,
			MaxIdleConnsPerHost: 32, IdleConnTimeout: time.Minute,
			TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: headerTimeout,
		}
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(config.AccessKey, config.SecretKey, ""),
		Secure: endpoint.Scheme == "https", Region: config.Region,
		Transport: s.transport, MaxRetries: s3Retries,
	})
	if err != nil {
		return nil, fmt.Errorf("blob store %s: %w", config.Endpoint, err)
	}
	s.core = minio.Core{Client: client}
	exists, err := client.BucketExists(ctx, config.Bucket)
	if err == nil && !exists {
		err = errors.New("no such bucket; make it first")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("bucket %s of blob store %s: %w", config.Bucket, config.Endpoint, err), s.Close())
	}
	return s, nil
}

// Close closes idle connections.
func (s *S3) Close() error {
	s.transport.CloseIdleConnections()
	return nil
}

// Put implements Store.
func (s *S3) Put(ctx context.Context, key string, info Info, r io.Reader) error {
	if err := errors.Join(checkKey(key), checkInfo(info)); err != nil {
		return err
	}
	reader := &exactReader{r: r, remaining: info.Size}
	_, err := s.core.Client.PutObject(ctx, s.config.Bucket, s.object(key), reader, info.Size, minio.PutObjectOptions{
		ContentType: info.ContentType,
	})
	if err != nil && reader.ended {
		// The client reports the broken request, in its own words.
		err = fmt.Errorf("%d bytes missing: %w", reader.remaining, ErrSize)
	}
	if err != nil {
		return fmt.Errorf("put blob %s: %w", key, err)
	}
	return nil
}

// Get implements Store.
func (s *S3) Get(ctx context.Context, key string, part Range) (io.ReadCloser, Info, error) {
	if err := errors.Join(checkKey(key), checkRange(part)); err != nil {
		return nil, Info{}, err
	}
	var options minio.GetObjectOptions
	if part != (Range{}) {
		header := "bytes=" + strconv.FormatInt(part.Offset, 10) + "-"
		if part.Length > 0 {
			header += strconv.FormatInt(part.Offset+part.Length-1, 10)
		}
		options.Set("Range", header)
	}
	body, object, header, err := s.core.GetObject(ctx, s.config.Bucket, s.object(key), options)
	if err != nil {
		return nil, Info{}, s3Error("get", key, err)
	}
	info := Info{ContentType: object.ContentType, Size: object.Size}
	if part != (Range{}) {
		if info.Size, err = totalSize(header.Get("Content-Range")); err != nil {
			return nil, Info{}, errors.Join(fmt.Errorf("get blob %s: %w", key, err), body.Close())
		}
	}
	return body, info, nil
}

// totalSize is the size of the whole in "bytes 0-9/1234".
func totalSize(contentRange string) (int64, error) {
	var first, last, total int64
	if _, err := fmt.Sscanf(contentRange, "bytes %d-%d/%d", &first, &last, &total); err != nil {
		return 0, fmt.Errorf("content range %q: want the total size in it", contentRange)
	}
	return total, nil
}

// Stat implements Store.
func (s *S3) Stat(ctx context.Context, key string) (Info, error) {
	if err := checkKey(key); err != nil {
		return Info{}, err
	}
	object, err := s.core.StatObject(ctx, s.config.Bucket, s.object(key), minio.StatObjectOptions{})
	if err != nil {
		return Info{}, s3Error("stat", key, err)
	}
	return Info{ContentType: object.ContentType, Size: object.Size}, nil
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	err := s.core.RemoveObject(ctx, s.config.Bucket, s.object(key), minio.RemoveObjectOptions{})
	if err = s3Error("delete", key, err); err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	return nil
}

// SignPut implements Store.
func (s *S3) SignPut(ctx context.Context, key, contentType string, size int64, ttl time.Duration) (string, error) {
	return s.sign(ctx, http.MethodPut, key, Info{ContentType: contentType, Size: size}, ttl, nil, http.Header{
		"Content-Type":   {contentType},
		"Content-Length": {strconv.FormatInt(size, 10)},
	})
}

// SignGet implements Store.
func (s *S3) SignGet(ctx context.Context, key string, ttl time.Duration) (string, error) {
	return s.sign(ctx, http.MethodGet, key, Info{}, ttl, url.Values{"response-content-disposition": {"attachment"}}, nil)
}

func (s *S3) sign(ctx context.Context, method, key string, info Info, ttl time.Duration, query url.Values, header http.Header) (string, error) {
	if err := checkSign(method, key, info, ttl); err != nil {
		return "", fmt.Errorf("sign URL of a blob: %w", err)
	}
	u, err := s.core.PresignHeader(ctx, method, s.config.Bucket, s.object(key), ttl, query, header)
	if err != nil {
		return "", fmt.Errorf("sign URL of blob %s: %w", key, err)
	}
	return u.String(), nil
}

// object is the key in the bucket.
func (s *S3) object(key string) string { return path.Join(s.config.Prefix, key) }

// s3Error turns the store's errors into ours.
func s3Error(verb, key string, err error) error {
	if err == nil {
		return nil
	}
	switch minio.ToErrorResponse(err).Code {
	case minio.NoSuchKey, "NotFound":
		return fmt.Errorf("blob %s: %w", key, ErrNotFound)
	case minio.InvalidRange:
		return fmt.Errorf("blob %s: %w", key, ErrRange)
	}
	return fmt.Errorf("%s blob %s: %w", verb, key, err)
}
