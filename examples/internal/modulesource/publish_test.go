package main

import (
	"archive/zip"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPublish(t *testing.T) {
	t.Parallel()
	root, out := t.TempDir(), t.TempDir()
	for name, content := range map[string]string{
		"go.mod":                "module example.com/a\n",
		"LICENSE":               "license",
		".gitignore":            "ignored\n",
		"ignored":               "left out",
		"a.go":                  "package a\n",
		"tools/go.mod":          "module example.com/a/tools\n",
		"tools/t.go":            "package tools\n",
		"cmd/parleygen/go.mod":  "module example.com/a/cmd/parleygen\n",
		"cmd/parleygen/main.go": "package main\n",
		"cmd/parley/main.go":    "package main\n",
	} {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if output, err := exec.CommandContext(t.Context(), "git", "init", "-q", root).CombinedOutput(); err != nil {
		t.Fatalf("git init: %v\n%s", err, output)
	}
	if err := publish(root, out, "v0.1.0"); err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, module := range []string{"example.com/a", "example.com/a/cmd/parleygen"} {
		folder := filepath.Join(out, module, "@v")
		for _, name := range []string{"list", "v0.1.0.info", "v0.1.0.mod"} {
			if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
				t.Error(err)
			}
		}
		archive, err := zip.OpenReader(filepath.Join(folder, "v0.1.0.zip"))
		if err != nil {
			t.Fatal(err)
		}
		defer archive.Close()
		for _, file := range archive.File {
			got[module] = append(got[module], file.Name)
		}
	}
	want := map[string][]string{
		"example.com/a": {
			"example.com/a@v0.1.0/.gitignore", "example.com/a@v0.1.0/LICENSE", "example.com/a@v0.1.0/a.go",
			"example.com/a@v0.1.0/cmd/parley/main.go", "example.com/a@v0.1.0/go.mod",
		},
		"example.com/a/cmd/parleygen": {
			"example.com/a/cmd/parleygen@v0.1.0/LICENSE", "example.com/a/cmd/parleygen@v0.1.0/go.mod",
			"example.com/a/cmd/parleygen@v0.1.0/main.go",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPublishNeedsGit(t *testing.T) {
	t.Parallel()
	if err := publish(t.TempDir(), t.TempDir(), "v0.1.0"); err == nil {
		t.Error("got no error for a folder outside git")
	}
}
