package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// published are the folders whose modules others may require.
var published = []string{".", "cmd/parleygen"}

// publish writes every published module below root to out.
func publish(root, out, version string) error {
	files, err := list(root)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o750); err != nil {
		return err
	}
	target, err := os.OpenRoot(out)
	if err != nil {
		return err
	}
	defer target.Close() //nolint:errcheck // nothing was written through it itself
	for _, folder := range published {
		if err := pack(root, target, version, folder, files); err != nil {
			return fmt.Errorf("pack module %s: %w", folder, err)
		}
	}
	return nil
}

// list returns the files of the checkout that git tracks or would track, with
// forward slashes, relative to root.
func list(root string) ([]string, error) {
	command := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	command.Dir = root
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files in %s: %w", root, err)
	}
	files := strings.Split(strings.TrimSuffix(string(output), "\x00"), "\x00")
	slices.Sort(files)
	return slices.Compact(files), nil
}

var modulePath = regexp.MustCompile(`(?m)^module ([a-z0-9./-]+)$`)

// pack writes the module in folder in the layout of a module proxy.
func pack(root string, out *os.Root, version, folder string, files []string) error {
	definition, err := os.ReadFile(filepath.Join(root, folder, "go.mod"))
	if err != nil {
		return err
	}
	match := modulePath.FindSubmatch(definition)
	if match == nil {
		return errors.New("go.mod has no plain lower-case module path")
	}
	module := string(match[1])
	target := filepath.Join(filepath.FromSlash(module), "@v")
	if err := out.MkdirAll(target, 0o750); err != nil {
		return err
	}
	for name, content := range map[string][]byte{
		"list":            []byte(version + "\n"),
		version + ".info": []byte(`{"Version":"` + version + `"}`),
		version + ".mod":  definition,
	} {
		if err := out.WriteFile(filepath.Join(target, name), content, 0o600); err != nil {
			return err
		}
	}
	archive, err := out.Create(filepath.Join(target, version+".zip"))
	if err != nil {
		return err
	}
	err = compress(archive, root, module+"@"+version+"/", members(folder, files))
	return errors.Join(err, archive.Close())
}

// members maps names inside the module in folder to files of the checkout:
// what lies below the folder but not in a module nested in it, and the license.
func members(folder string, files []string) map[string]string {
	var nested []string
	for _, file := range files {
		if dir := path.Dir(file); path.Base(file) == "go.mod" && dir != folder && below(dir, folder) {
			nested = append(nested, dir)
		}
	}
	members := map[string]string{}
	for _, file := range files {
		inNested := slices.ContainsFunc(nested, func(dir string) bool { return below(file, dir) })
		if !below(file, folder) || inNested {
			continue
		}
		name := file
		if folder != "." {
			name = strings.TrimPrefix(file, folder+"/")
		}
		members[name] = file
	}
	if _, own := members["LICENSE"]; !own {
		members["LICENSE"] = "LICENSE"
	}
	return members
}

func below(file, folder string) bool {
	return folder == "." || strings.HasPrefix(file, folder+"/")
}

// compress writes the members that are regular files into a zip archive, in
// the order of their names. Files that git knows but the checkout lacks are
// left out.
func compress(archive *os.File, root, prefix string, members map[string]string) error {
	writer := zip.NewWriter(archive)
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		file := filepath.Join(root, filepath.FromSlash(members[name]))
		info, err := os.Lstat(file)
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
			continue
		}
		if err != nil {
			return err
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		entry, err := writer.Create(prefix + name)
		if err != nil {
			return err
		}
		if _, err := entry.Write(content); err != nil {
			return err
		}
	}
	return writer.Close()
}
