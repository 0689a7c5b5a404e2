package register_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/register"
)

const change = `overlay: 1.0.0
info: {title: A-01 b, version: 0.1.0}
extends: ../openapi-v1.yaml
actions:
  - target: $.info
    update: {title: That one}
`

func withOverlay(overlay string) fstest.MapFS {
	fsys := only(small)
	fsys["openapi-v1.yaml"] = &fstest.MapFile{Data: []byte("openapi: 3.0.3\ninfo: {title: This one}\n")}
	fsys["readings/A-01-b.yaml"] = &fstest.MapFile{Data: []byte(overlay)}
	return fsys
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	base := withOverlay(change)
	r, err := register.Load(base)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		choice register.Choice
		want   string
	}{
		{nil, "info: {title: This one}"},
		{register.Choice{"A-01": "a"}, "info: {title: This one}"},
		{register.Choice{"A-01": "b"}, "info: {title: That one}"},
	} {
		fsys, err := r.Documents(tc.choice)
		if err != nil {
			t.Fatal(err)
		}
		data, err := fs.ReadFile(fsys, "openapi-v1.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(data), tc.want) {
			t.Errorf("%v: got %s, want %q in it", tc.choice, data, tc.want)
		}
		file, err := fsys.Open("openapi-v1.yaml")
		if err != nil {
			t.Fatal(err)
		}
		info, err := file.Stat()
		if err != nil || info.Size() != int64(len(data)) || info.Name() != "openapi-v1.yaml" || info.IsDir() {
			t.Errorf("%v: got %v, %v", tc.choice, info, err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
		if _, err := fs.ReadFile(fsys, register.File); err != nil {
			t.Errorf("%v: another file: %v", tc.choice, err)
		}
	}
}

func TestDocumentsRefuses(t *testing.T) {
	t.Parallel()
	missing := withOverlay(change)
	delete(missing, "readings/A-01-b.yaml")
	for _, tc := range []struct {
		name   string
		fsys   fs.FS
		choice register.Choice
		want   string
	}{
		{"no such entry", withOverlay(change), register.Choice{"A-02": "b"}, "no entry A-02"},
		{"no such reading", withOverlay(change), register.Choice{"A-01": "z"}, "no reading z"},
		{"no overlay", missing, register.Choice{"A-01": "b"}, "readings/A-01-b.yaml"},
		{"a target that is not there", withOverlay(strings.Replace(change, "$.info", "$.paths", 1)), register.Choice{"A-01": "b"}, "target $.paths is in none of openapi-v1.yaml"},
		{"a document that is not there", withOverlay(strings.Replace(change, "openapi-v1", "openapi-v9", 1)), register.Choice{"A-01": "b"}, "openapi-v9.yaml"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, err := register.Load(tc.fsys)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Documents(tc.choice); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

// Two readings of different entries add up.
func TestDocumentsAddUp(t *testing.T) {
	t.Parallel()
	fsys, err := load(t).Documents(register.Choice{"A-33": "b", "A-19": "b", "A-13": "b"})
	if err != nil {
		t.Fatal(err)
	}
	common := loadDocument(t, fsys, "common.yaml")
	if got := common.Components.Schemas["ConversationID"].Value.Type.Slice(); !cmp.Equal(got, []string{"string"}) {
		t.Errorf("A-33: got %v", got)
	}
	if got := common.Components.Schemas["Platform"].Value.Enum; len(got) != 0 {
		t.Errorf("A-19: got %v", got)
	}
	v1 := loadDocument(t, fsys, "openapi-v1.yaml")
	if got := v1.Components.Schemas["InitiateAnswerGenerationRequest"].Value.Required; len(got) != 3 {
		t.Errorf("A-13: got %v", got)
	}
}

func TestParseChoice(t *testing.T) {
	t.Parallel()
	got, err := register.ParseChoice("A-33=b", "B-01=a")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(register.Choice{"A-33": "b", "B-01": "a"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, bad := range [][]string{{"A-33"}, {"A-33="}, {"a-33=b"}, {"A-33=bb"}, {"A-33=b", "A-33=c"}} {
		if _, err := register.ParseChoice(bad...); err == nil {
			t.Errorf("%v: want an error", bad)
		}
	}
}
