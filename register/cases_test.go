package register_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/parley-contracts/parley/register"
)

// voteCase is an exchange and how it votes.
type voteCase struct {
	Votes    map[string]register.Outcome `yaml:"votes"`
	Exchange exchangeCase                `yaml:"exchange"`
}

// exchangeCase is an exchange as the case files write it.
type exchangeCase struct {
	Contract  string         `yaml:"contract"`
	Operation string         `yaml:"operation"`
	Request   *messageCase   `yaml:"request"`
	Response  *messageCase   `yaml:"response"`
	Callback  *messageCase   `yaml:"callback"`
	Age       float64        `yaml:"age_seconds"`
	History   []exchangeCase `yaml:"history"`
}

// messageCase is a message of any kind.
type messageCase struct {
	Operation string            `yaml:"operation"`
	Method    string            `yaml:"method"`
	Host      string            `yaml:"host"`
	Target    string            `yaml:"target"`
	Status    int               `yaml:"status"`
	Header    map[string]string `yaml:"header"`
	Delay     float64           `yaml:"delay_seconds"`
	Body      yaml.Node         `yaml:"body"`
	Form      string            `yaml:"form"`
	Text      string            `yaml:"text"`
}

// body gives the message the body it would have on the wire.
func (m *messageCase) body(t *testing.T) register.Body {
	t.Helper()
	switch {
	case m.Form != "":
		return register.DecodeBody("application/x-www-form-urlencoded", []byte(m.Form))
	case m.Text != "":
		return register.DecodeBody("text/plain; charset=utf-8", []byte(m.Text))
	case m.Body.IsZero():
		return register.Body{}
	}
	var value any
	if err := m.Body.Decode(&value); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(repeated(value))
	if err != nil {
		t.Fatal(err)
	}
	return register.DecodeBody("application/json", data)
}

// repeated replaces {repeat: n} by a text of n characters.
func repeated(value any) any {
	switch v := value.(type) {
	case map[string]any:
		if n, ok := v["repeat"].(int); ok && len(v) == 1 {
			return strings.Repeat("x", n)
		}
		for name := range v {
			v[name] = repeated(v[name])
		}
	case []any:
		for i := range v {
			v[i] = repeated(v[i])
		}
	}
	return value
}

func (m *messageCase) header() http.Header {
	h := http.Header{}
	for name, value := range m.Header {
		h.Set(name, value)
	}
	return h
}

func (m *messageCase) delay() time.Duration { return time.Duration(m.Delay * float64(time.Second)) }

// exchange makes what the probes are asked about.
func (c *exchangeCase) exchange(t *testing.T) *register.Exchange {
	t.Helper()
	x := &register.Exchange{Contract: c.Contract, Operation: c.Operation, Age: time.Duration(c.Age * float64(time.Second))}
	if m := c.Request; m != nil {
		x.Request = &register.Request{Method: m.Method, Host: m.Host, Target: m.Target, Header: m.header(), Body: m.body(t)}
	}
	if m := c.Response; m != nil {
		x.Response = &register.Response{Status: m.Status, Header: m.header(), Body: m.body(t), Delay: m.delay()}
	}
	if m := c.Callback; m != nil {
		x.Callback = &register.Callback{Operation: m.Operation, Method: m.Method, Target: m.Target, Header: m.header(), Body: m.body(t), Delay: m.delay(), Status: m.Status}
	}
	for i := range c.History {
		x.History = append(x.History, *c.History[i].exchange(t))
	}
	return x
}

// readCases reads all case files by entry.
func readCases(t *testing.T) map[string][]voteCase {
	t.Helper()
	cases := map[string][]voteCase{}
	files, err := fs.Glob(os.DirFS("testdata"), "*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no case files: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		decoder := yaml.NewDecoder(bytes.NewReader(data))
		decoder.KnownFields(true)
		if err := decoder.Decode(&cases); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	return cases
}

// load loads the register beside the contracts.
func load(t testing.TB) *register.Register {
	t.Helper()
	r, err := register.Load(os.DirFS("../api"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// generous keeps a slow machine from being the reason for a vote.
var generous = register.Limits{Time: time.Minute}

// The cases say how each exchange votes on every reading of its entry.
func TestProbeCases(t *testing.T) {
	t.Parallel()
	r := load(t)
	probes, err := r.Compile(generous)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[register.Key]map[register.Outcome]bool{}
	for id, cases := range readCases(t) {
		entry := r.Entry(id)
		if entry == nil {
			t.Errorf("cases for %s, which is not in the register", id)
			continue
		}
		for i, c := range cases {
			want := map[string]register.Outcome{}
			for _, reading := range entry.Readings {
				if reading.Probe != (register.Probe{}) {
					want[reading.ID] = register.OutcomeCannotTell
				}
			}
			for reading, outcome := range c.Votes {
				want[reading] = outcome
				key := register.Key{Entry: id, Reading: reading}
				if seen[key] == nil {
					seen[key] = map[register.Outcome]bool{}
				}
				seen[key][outcome] = true
			}
			got := map[string]register.Outcome{}
			for _, v := range probes.Vote(t.Context(), c.Exchange.exchange(t)) {
				if v.Entry == id {
					got[v.Reading] = v.Outcome
				}
				if v.Trouble != "" {
					t.Errorf("%s case %d: probe of %s: %s", id, i+1, v.Key(), v.Trouble)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s case %d (-want +got):\n%s", id, i+1, diff)
			}
		}
	}
	for i := range r.Entries() {
		entry := &r.Entries()[i]
		for _, reading := range entry.Readings {
			key := register.Key{Entry: entry.ID, Reading: reading.ID}
			if reading.Probe.Supports != "" && !seen[key][register.OutcomeSupports] {
				t.Errorf("%s: no case supports it", key)
			}
			if reading.Probe.Refutes != "" && !seen[key][register.OutcomeRefutes] {
				t.Errorf("%s: no case refutes it", key)
			}
		}
	}
}
