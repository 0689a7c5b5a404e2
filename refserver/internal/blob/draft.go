package blob

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
)

// writeDraft writes a new file under a name of its own and returns the name when
// its content is on the disk.
func (f *File) writeDraft(write func(io.Writer) error) (string, error) {
	if err := f.root.MkdirAll(draftsDir, 0o700); err != nil {
		return "", err
	}
	name := path.Join(draftsDir, rand.Text())
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	err = write(file)
	if err == nil {
		err = file.Sync()
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return "", errors.Join(err, f.root.Remove(name))
	}
	return name, nil
}

// publish gives a draft its name, replacing the file that has it, for good: the
// folder is on the disk too when it returns.
func (f *File) publish(draft, name string) error {
	dir := path.Dir(name)
	switch err := f.root.Mkdir(dir, 0o700); {
	case err == nil:
		if err := f.syncDir("."); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	if err := f.root.Rename(draft, name); err != nil {
		return err
	}
	return f.syncDir(dir)
}

// syncDir writes a folder's entries to the disk. Windows has no such call and
// needs none: it writes names with the rename.
func (f *File) syncDir(name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := f.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// sweepDrafts removes what killed processes left. Younger drafts may belong to
// another process that is alive.
func (f *File) sweepDrafts() error {
	drafts, err := fs.ReadDir(f.root.FS(), draftsDir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("list drafts: %w", err)
	}
	for _, draft := range drafts {
		info, err := draft.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // published or removed meanwhile
		}
		if err != nil {
			return fmt.Errorf("list drafts: %w", err)
		}
		if f.config.Now().Sub(info.ModTime()) < draftLifetime {
			continue
		}
		if err := f.root.Remove(path.Join(draftsDir, draft.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove draft: %w", err)
		}
	}
	return nil
}
