package register_test

import (
	"bytes"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"github.com/speakeasy-api/jsonpath/pkg/jsonpath"
	"gopkg.in/yaml.v3"

	"github.com/parley-contracts/parley/register"
)

// overlaid is a reading that changes contracts.
type overlaid struct {
	key       register.Key
	overlay   string
	documents []string
}

// readings lists the readings with an overlay and the documents each changes,
// which for the shared schemas are the ones that refer to them.
func readings(t *testing.T, r *register.Register) []overlaid {
	t.Helper()
	var list []overlaid
	for _, entry := range r.Entries() {
		for _, reading := range entry.Readings {
			if reading.Overlay == "" {
				continue
			}
			var head struct {
				Extends  string   `yaml:"extends"`
				XExtends []string `yaml:"x-extends"`
			}
			data, err := os.ReadFile("../api/" + reading.Overlay)
			if err != nil {
				t.Fatal(err)
			}
			if err := yaml.Unmarshal(data, &head); err != nil {
				t.Fatalf("%s: %v", reading.Overlay, err)
			}
			o := overlaid{key: register.Key{Entry: entry.ID, Reading: reading.ID}, overlay: reading.Overlay}
			for _, document := range append(head.XExtends, head.Extends) {
				switch name := filepath.Base(document); name {
				case ".":
				case "common.yaml":
					o.documents = append(o.documents, "common.yaml", "openapi-v1.yaml", "openapi-v2.yaml")
				default:
					o.documents = append(o.documents, name)
				}
			}
			list = append(list, o)
		}
	}
	if len(list) == 0 {
		t.Fatal("no reading has an overlay")
	}
	return list
}

// loaded is a valid document.
type loaded struct {
	*openapi3.T
	operations []string
	json       []byte
}

// loadDocument loads and validates a document of fsys. Examples illustrate the
// taken readings and are left out.
func loadDocument(t *testing.T, fsys fs.FS, name string) loaded {
	t.Helper()
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, location *url.URL) ([]byte, error) {
		return fs.ReadFile(fsys, strings.TrimPrefix(location.Path, "/"))
	}
	document, err := loader.LoadFromURI(&url.URL{Path: name})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if err := document.Validate(t.Context(), openapi3.DisableExamplesValidation()); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	text, err := document.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return loaded{T: document, operations: operationIDs(document), json: text}
}

// Every overlay applies, changes something and leaves documents that are valid
// and have the same operations.
func TestOverlays(t *testing.T) {
	t.Parallel()
	r := load(t)
	before := map[string]loaded{}
	for _, name := range contracts {
		before[name] = loadDocument(t, os.DirFS("../api"), name)
	}
	for _, reading := range readings(t, r) {
		t.Run(reading.key.String(), func(t *testing.T) {
			t.Parallel()
			fsys, err := r.Documents(register.Choice{reading.key.Entry: reading.key.Reading})
			if err != nil {
				t.Fatal(err)
			}
			changed := false
			for _, name := range reading.documents {
				after := loadDocument(t, fsys, name)
				if diff := cmp.Diff(before[name].operations, after.operations); diff != "" {
					t.Errorf("%s: operations (-before +after):\n%s", name, diff)
				}
				changed = changed || !bytes.Equal(before[name].json, after.json)
			}
			if !changed {
				t.Error("it changes nothing")
			}
		})
	}
}

// operationIDs are the sorted ids of a document's operations.
func operationIDs(document *openapi3.T) []string {
	var ids []string
	for _, item := range document.Paths.Map() {
		for _, operation := range item.Operations() {
			ids = append(ids, operation.OperationID)
		}
	}
	slices.Sort(ids)
	return ids
}

// An operation that an overlay moves is otherwise still the contract's: the
// overlay repeats it, and the copy must not grow stale.
func TestMovedOperationsAreNotStale(t *testing.T) {
	t.Parallel()
	r := load(t)
	base := os.DirFS("../api")
	moved := 0
	for _, reading := range readings(t, r) {
		if data, err := os.ReadFile("../api/" + reading.overlay); err != nil || !bytes.Contains(data, []byte("operationId")) {
			continue
		}
		moved++
		fsys, err := r.Documents(register.Choice{reading.key.Entry: reading.key.Reading})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range reading.documents {
			before, after := described(t, base, name), described(t, fsys, name)
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("%s: %s (-contract +overlay):\n%s", reading.overlay, name, diff)
			}
		}
	}
	if moved == 0 {
		t.Error("no overlay moves an operation")
	}
}

// described is what no reading changes in an operation, by operationId.
func described(t *testing.T, fsys fs.FS, name string) map[string][]any {
	t.Helper()
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]map[string]any `yaml:"paths"`
	}
	if err := yaml.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	facts := map[string][]any{}
	for _, item := range document.Paths {
		for _, operation := range item {
			id := operation["operationId"].(string)
			facts[id] = []any{operation["summary"], operation["description"], operation["tags"], operation["x-evidence"]}
		}
	}
	return facts
}

// No overlay lies about without a reading.
func TestOverlaysAllBelongToReadings(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, reading := range readings(t, load(t)) {
		known[reading.overlay] = true
	}
	files, err := fs.Glob(os.DirFS("../api"), "readings/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !known[file] {
			t.Errorf("%s: no reading names it", file)
		}
	}
}

// Every reading still generates a client.
func TestOverlaysGenerate(t *testing.T) {
	t.Parallel()
	tool, err := exec.CommandContext(t.Context(), "go", "tool", "-modfile=../tools/go.mod", "-n", "oapi-codegen").Output()
	if err != nil {
		t.Fatalf("find oapi-codegen: %v", err)
	}
	packages := map[string]string{"openapi-v1.yaml": "maaxv1", "openapi-v2.yaml": "maaxv2", "openapi-maia.yaml": "maia", "callbacks.yaml": "callbacks", "common.yaml": "common"}
	r := load(t)
	for _, reading := range readings(t, r) {
		t.Run(reading.key.String(), func(t *testing.T) {
			t.Parallel()
			fsys, err := r.Documents(register.Choice{reading.key.Entry: reading.key.Reading})
			if err != nil {
				t.Fatal(err)
			}
			for i, name := range reading.documents {
				if i > 0 && reading.documents[0] == "common.yaml" {
					break // what refers to common.yaml imports its types
				}
				generate(t, strings.TrimSpace(string(tool)), fsys, name, packages[name])
			}
		})
	}
}

// generate runs the project's own generator configuration over a document.
func generate(t *testing.T, tool string, fsys fs.FS, name, folder string) {
	t.Helper()
	dir := t.TempDir()
	config, err := os.ReadFile(filepath.Join("../gen", folder, "cfg.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	document, err := fs.ReadFile(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"cfg.yaml": bytes.ReplaceAll(config, []byte("../../api/overlays/"), nil), name: document}
	if layer := fitting(t, document, "overlays/"+name); layer != nil {
		files[filepath.Join("layer", name)] = layer
		files["cfg.yaml"] = bytes.ReplaceAll(config, []byte("../../api/overlays/"), []byte("layer/"))
	} else if i := bytes.Index(files["cfg.yaml"], []byte("  overlay:")); i >= 0 {
		files["cfg.yaml"] = files["cfg.yaml"][:i]
	}
	for _, shared := range []string{"common.yaml", "callbacks.yaml"} {
		if _, there := files[shared]; !there {
			if files[shared], err = fs.ReadFile(fsys, shared); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "layer"), 0o755); err != nil {
		t.Fatal(err)
	}
	for file, data := range files {
		if err := os.WriteFile(filepath.Join(dir, file), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.CommandContext(t.Context(), tool, "-config", "cfg.yaml", name)
	command.Dir = dir
	if out, err := command.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
		return
	}
	code, err := os.ReadFile(filepath.Join(dir, folder+".gen.go"))
	if err != nil || len(code) < 1000 {
		t.Errorf("%s: generated %d bytes: %v", name, len(code), err)
	}
}

// fitting is a generator's overlay without the actions whose target a reading
// took away; nil when there is no overlay, or nothing left of it.
func fitting(t *testing.T, document []byte, file string) []byte {
	t.Helper()
	data, err := os.ReadFile("../api/" + file)
	if err != nil {
		return nil
	}
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil {
		t.Fatal(err)
	}
	var layer map[string]any
	if err := yaml.Unmarshal(data, &layer); err != nil {
		t.Fatal(err)
	}
	var actions []any
	for _, action := range layer["actions"].([]any) {
		path, err := jsonpath.NewPath(action.(map[string]any)["target"].(string))
		if err != nil {
			t.Fatal(err)
		}
		if len(path.Query(&root)) > 0 {
			actions = append(actions, action)
		}
	}
	if len(actions) == 0 {
		return nil
	}
	layer["actions"] = actions
	data, err = yaml.Marshal(layer)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
