package blob

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"strings"
	"time"
)

// FileConfig sets up a File.
type FileConfig struct {
	// BaseURL is where the Handler is mounted, such as
	// "https://host.example/blobs", without a slash at its end. A path alone
	// gives presigned URLs that are paths too, to be resolved against the
	// address the caller used. Default "/blobs".
	BaseURL string
	// Secret signs URLs; at least 32 bytes. Nil means one that is made at the
	// first opening and kept in the folder, so that URLs outlive a restart.
	Secret []byte
	// TransferTimeout bounds one transfer through the Handler. Default 15 min.
	TransferTimeout time.Duration
	// Now tells the time that ends the validity of URLs. Default time.Now.
	Now func() time.Time
}

// File is a Store in a folder. Processes of one machine may share the folder.
//
// Each blob is one file, named by the hash of its key, whose first line holds
// the key and the content type: so any key fits any file system, and a blob
// and what is known about it change in one rename.
type File struct {
	root   *os.Root
	config FileConfig
	// base is the parsed BaseURL.
	base *url.URL
}

var _ Store = (*File)(nil)

const (
	draftsDir  = "drafts"
	secretFile = "secret"
	// draftLifetime is the age at which a draft belongs to nobody.
	draftLifetime = 24 * time.Hour
	secretBytes   = 32
	// maxHeaderBytes is the longest first line of a file, its end included.
	maxHeaderBytes = maxKeyBytes + maxContentTypeBytes + 2
	defaultTimeout = 15 * time.Minute
)

// OpenFile opens the folder dir, making it when there is none, and removes what
// uploads of killed processes left there more than a day ago. The caller closes
// the File.
func OpenFile(dir string, config FileConfig) (_ *File, err error) {
	if config.BaseURL == "" {
		config.BaseURL = "/blobs"
	}
	if config.TransferTimeout == 0 {
		config.TransferTimeout = defaultTimeout
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	f := &File{config: config}
	if f.base, err = url.Parse(strings.TrimSuffix(config.BaseURL, "/")); err != nil {
		return nil, fmt.Errorf("base URL of blobs: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make folder for blobs: %w", err)
	}
	if f.root, err = os.OpenRoot(dir); err != nil {
		return nil, fmt.Errorf("open folder for blobs: %w", err)
	}
	if err := errors.Join(f.readSecret(), f.sweepDrafts()); err != nil {
		return nil, errors.Join(fmt.Errorf("open blobs in %s: %w", dir, err), f.root.Close())
	}
	return f, nil
}

// Close closes the folder.
func (f *File) Close() error { return f.root.Close() }

// readSecret takes the secret of the folder, making it when there is none. Two
// processes that open a new folder at once agree on the one that was linked
// first.
func (f *File) readSecret() error {
	if f.config.Secret != nil {
		if len(f.config.Secret) < secretBytes {
			return fmt.Errorf("secret of %d bytes: want at least %d", len(f.config.Secret), secretBytes)
		}
		return nil
	}
	secret, err := f.root.ReadFile(secretFile)
	if errors.Is(err, fs.ErrNotExist) {
		secret, err = f.makeSecret()
	}
	if err != nil {
		return err
	}
	if len(secret) != secretBytes {
		return fmt.Errorf("file %q has %d bytes, want %d; remove it to end all presigned URLs and get a new one", secretFile, len(secret), secretBytes)
	}
	f.config.Secret = secret
	return nil
}

func (f *File) makeSecret() ([]byte, error) {
	secret := make([]byte, secretBytes)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	draft, err := f.writeDraft(func(w io.Writer) error {
		_, err := w.Write(secret)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = f.root.Link(draft, secretFile)
	removed := f.root.Remove(draft)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	if removed != nil {
		return nil, removed
	}
	return f.root.ReadFile(secretFile)
}

// Put implements Store.
func (f *File) Put(ctx context.Context, key string, info Info, r io.Reader) error {
	if err := errors.Join(checkKey(key), checkInfo(info)); err != nil {
		return err
	}
	draft, err := f.writeDraft(func(w io.Writer) error {
		if _, err := io.WriteString(w, header(key, info)); err != nil {
			return err
		}
		n, err := io.Copy(w, &exactReader{r: until(ctx, r), remaining: info.Size})
		if err == nil && n != info.Size {
			err = ErrSize
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("put blob %s: %w", key, err)
	}
	if err := f.publish(draft, fileName(key)); err != nil {
		return errors.Join(fmt.Errorf("put blob %s: %w", key, err), f.root.Remove(draft))
	}
	return nil
}

// Get implements Store.
func (f *File) Get(_ context.Context, key string, part Range) (io.ReadCloser, Info, error) {
	if err := checkRange(part); err != nil {
		return nil, Info{}, err
	}
	opened, err := f.open(key)
	if err != nil {
		return nil, Info{}, err
	}
	size := opened.info.Size
	if part.Offset > size || part.Offset == size && size > 0 {
		return nil, Info{}, errors.Join(fmt.Errorf("blob %s of %d bytes from %d: %w", key, size, part.Offset, ErrRange), opened.file.Close())
	}
	length := size - part.Offset
	if part.Length > 0 {
		length = min(length, part.Length)
	}
	return struct {
		io.Reader
		io.Closer
	}{io.NewSectionReader(opened.file, opened.start+part.Offset, length), opened.file}, opened.info, nil
}

// Stat implements Store.
func (f *File) Stat(_ context.Context, key string) (Info, error) {
	opened, err := f.open(key)
	if err != nil {
		return Info{}, err
	}
	return opened.info, opened.file.Close()
}

// Delete implements Store.
func (f *File) Delete(_ context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := f.root.Remove(fileName(key)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete blob %s: %w", key, err)
	}
	return nil
}

// openedFile is a blob's file.
type openedFile struct {
	file *os.File
	info Info
	// start is where the blob begins in the file.
	start int64
}

// open opens a blob's file and reads its first line.
func (f *File) open(key string) (openedFile, error) {
	if err := checkKey(key); err != nil {
		return openedFile{}, err
	}
	file, err := f.root.Open(fileName(key))
	if errors.Is(err, fs.ErrNotExist) {
		return openedFile{}, fmt.Errorf("blob %s: %w", key, ErrNotFound)
	}
	if err != nil {
		return openedFile{}, fmt.Errorf("open blob %s: %w", key, err)
	}
	opened, err := readHeader(file, key)
	if err != nil {
		return openedFile{}, errors.Join(fmt.Errorf("open blob %s: %w", key, err), file.Close())
	}
	return opened, nil
}

func readHeader(file *os.File, key string) (openedFile, error) {
	stat, err := file.Stat()
	if err != nil {
		return openedFile{}, err
	}
	line, err := bufio.NewReaderSize(io.NewSectionReader(file, 0, maxHeaderBytes), maxHeaderBytes).ReadString('\n')
	if err != nil {
		return openedFile{}, fmt.Errorf("read first line: %w", err)
	}
	found, contentType, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
	if !ok || found != key {
		return openedFile{}, errors.New("first line does not name this blob: the file is not one of ours")
	}
	start := int64(len(line))
	return openedFile{file, Info{ContentType: contentType, Size: stat.Size() - start}, start}, nil
}

// header is the first line of a blob's file.
func header(key string, info Info) string { return key + " " + info.ContentType + "\n" }

// fileName spreads blobs over 256 folders.
func fileName(key string) string {
	sum := sha256.Sum256([]byte(key))
	name := hex.EncodeToString(sum[:])
	return path.Join(name[:2], name[2:])
}

// readFunc is a function as a reader.
type readFunc func([]byte) (int, error)

// Read calls the function.
func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// until is r until ctx ends.
func until(ctx context.Context, r io.Reader) io.Reader {
	return readFunc(func(p []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return r.Read(p)
	})
}
