package viewer

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"
)

//go:embed static/redoc.standalone.js static/reference.js static/style.css static/redoc.LICENSE.txt static/redoc.standalone.js.LICENSE.txt
var static embed.FS

// asset is one thing that is served, whole and ready.
type asset struct {
	path string
	kind string
	body []byte
	tag  string
}

// newAsset names the bytes by their hash, so that browsers ask only whether
// they have changed.
func newAsset(path, kind string, body []byte) asset {
	sum := sha256.Sum256(body)
	return asset{path: path, kind: kind, body: body, tag: `"` + hex.EncodeToString(sum[:12]) + `"`}
}

// ServeHTTP answers with the bytes, or that they have not changed.
func (a asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", a.tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.body))
}

// makeAssets makes every page, document and file.
func makeAssets(config Config, docs *documents) ([]asset, error) {
	questions := map[string]string{}
	var assets []asset
	if config.Register != nil {
		for _, e := range config.Register.Entries() {
			questions[e.ID] = e.Question
		}
		page, err := registerPage(config.Register, docs)
		if err != nil {
			return nil, err
		}
		assets = append(assets, newAsset("/register", typeHTML, page))
	}
	for _, name := range docs.names() {
		annotated, err := docs.annotated(name, questions)
		if err != nil {
			return nil, fmt.Errorf("document %s: %w", name, err)
		}
		assets = append(assets, newAsset("/"+name, "application/yaml", annotated))
	}
	index, err := indexPage(config, docs)
	if err != nil {
		return nil, err
	}
	assets = append(assets, newAsset("/{$}", typeHTML, index))
	for _, name := range config.Contracts {
		page, err := referencePage(config, docs.contract(name))
		if err != nil {
			return nil, err
		}
		assets = append(assets, newAsset("/"+name, typeHTML, page))
	}
	files, err := staticAssets()
	return append(assets, files...), err
}

const (
	typeHTML   = "text/html; charset=utf-8"
	typeScript = "text/javascript; charset=utf-8"
	typeText   = "text/plain; charset=utf-8"
)

// logo is the one thing that Redoc loads from elsewhere. It goes without when
// the picture does not load, and a picture without data never does.
const logo = "https://cdn.redoc.ly/redoc/logo-mini.svg"

// staticAssets are the embedded files.
func staticAssets() ([]asset, error) {
	kinds := []struct{ name, kind string }{
		{"redoc.standalone.js", typeScript},
		{"reference.js", typeScript},
		{"style.css", "text/css; charset=utf-8"},
		{"redoc.LICENSE.txt", typeText},
		{"redoc.standalone.js.LICENSE.txt", typeText},
	}
	assets := make([]asset, 0, len(kinds))
	for _, k := range kinds {
		body, err := static.ReadFile("static/" + k.name)
		if err != nil {
			return nil, err
		}
		if k.name == "redoc.standalone.js" {
			if bytes.Count(body, []byte(logo)) != 1 {
				return nil, errors.New("redoc.standalone.js does not name its logo once; look at what it loads from elsewhere")
			}
			body = bytes.Replace(body, []byte(logo), []byte("data:,"), 1)
		}
		assets = append(assets, newAsset("/static/"+k.name, k.kind, body))
	}
	return assets, nil
}
