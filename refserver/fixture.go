package refserver

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	yaml "github.com/oasdiff/yaml3"

	"github.com/parley-contracts/parley/refserver/internal/domain"
)

// maxFixtureBytes is the largest document of fixtures.
const maxFixtureBytes = 16 << 20

// fixtures is what Config.Fixtures holds.
type fixtures struct {
	Accounts []accountFixture `yaml:"accounts"`
}

// accountFixture is an account, which is known by its name.
type accountFixture struct {
	Name         string             `yaml:"name"`
	EmergencyURL string             `yaml:"emergency_url"`
	Keys         []keyFixture       `yaml:"keys"`
	AIs          []aiFixture        `yaml:"ais"`
	Knowledge    []knowledgeFixture `yaml:"knowledge"`
	MAIA         *maiaFixture       `yaml:"maia"`
}

type keyFixture struct {
	Label string `yaml:"label"`
	Key   string `yaml:"key"`
}

type aiFixture struct {
	ID       int64  `yaml:"id"`
	Name     string `yaml:"name"`
	Product  string `yaml:"product"`
	Goal     string `yaml:"goal"`
	Strategy struct {
		// FollowUpDelay is written as 15m or 1h30m; 0s means never.
		FollowUpDelay *string `yaml:"follow_up_delay"`
	} `yaml:"strategy"`
}

// followUpDelay is nil for the server's.
func (f aiFixture) followUpDelay() (*time.Duration, error) {
	if f.Strategy.FollowUpDelay == nil {
		return nil, nil
	}
	d, err := time.ParseDuration(*f.Strategy.FollowUpDelay)
	if err != nil || d < 0 {
		return nil, errors.New("not a duration such as 15m or 1h30m")
	}
	return &d, nil
}

type knowledgeFixture struct {
	Title string `yaml:"title"`
	Text  string `yaml:"text"`
	AIID  *int64 `yaml:"ai_id"`
}

type maiaFixture struct {
	Token string        `yaml:"token"`
	Setup *domain.Setup `yaml:"setup"`
}

// parseFixtures reads a document of fixtures. Its errors name line and field,
// and never a value: keys are among them.
func parseFixtures(document []byte, checkURL func(string) error) (fixtures, error) {
	var f fixtures
	if len(document) > maxFixtureBytes {
		return f, fmt.Errorf("fixtures: larger than %d bytes", maxFixtureBytes)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(document))
	decoder.KnownFields(true)
	if err := decoder.Decode(&f); err != nil {
		if errors.Is(err, io.EOF) {
			return f, nil // an empty document
		}
		return f, decodeError(err)
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return f, errors.New("fixtures: more than one document")
	}
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil {
		return f, decodeError(err)
	}
	c := fixtureCheck{root: &root, checkURL: checkURL}
	c.all(f)
	return f, errors.Join(c.errs...)
}

var (
	// unknownField and wrongType are the decoder's words for what people get
	// wrong; it says type names and values besides, which help nobody.
	unknownField = regexp.MustCompile(`^line (\d+): field (.+) not found in type`)
	wrongType    = regexp.MustCompile("^line (\\d+): cannot unmarshal !!(\\w+)(?: `.*`)? into (.+)$")
)

// decodeError says in our words what the decoder found.
func decodeError(err error) error {
	var types *yaml.TypeError
	if !errors.As(err, &types) {
		return fmt.Errorf("fixtures: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	errs := make([]error, len(types.Errors))
	for i, e := range types.Errors {
		text := fmt.Sprint(e)
		if m := unknownField.FindStringSubmatch(text); m != nil {
			text = fmt.Sprintf("line %s: field %q is not known here", m[1], m[2])
		} else if m := wrongType.FindStringSubmatch(text); m != nil {
			text = fmt.Sprintf("line %s: a value of type %s where %s is wanted", m[1], m[2], kindOf(m[3]))
		}
		errs[i] = errors.New("fixtures: " + text)
	}
	return errors.Join(errs...)
}

// kindOf names a Go type for people.
func kindOf(goType string) string {
	switch {
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case goType == "string":
		return "text"
	case strings.HasPrefix(goType, "int"), strings.HasPrefix(goType, "float"):
		return "a number"
	case goType == "bool":
		return "true or false"
	default:
		return "a mapping"
	}
}

// fixtureCheck gathers what is wrong with fixtures that could be read.
type fixtureCheck struct {
	root     *yaml.Node
	checkURL func(string) error
	errs     []error
}

// fault notes that what the path leads to is wrong.
func (c *fixtureCheck) fault(problem string, path ...any) {
	line, name := c.place(path)
	c.errs = append(c.errs, fmt.Errorf("fixtures: line %d: %s: %s", line, name, problem))
}

// place is the line of the value that the path of names and indexes leads to,
// or of the last one on the way that exists, and the path for people.
func (c *fixtureCheck) place(path []any) (line int, name string) {
	node := c.root
	if len(node.Content) > 0 {
		node = node.Content[0]
	}
	var b strings.Builder
	lost := false
	for _, step := range path {
		switch step := step.(type) {
		case int:
			b.WriteString("[" + strconv.Itoa(step) + "]")
			if lost = lost || step >= len(node.Content); !lost {
				node = node.Content[step]
			}
		case string:
			if b.Len() > 0 {
				b.WriteString(".")
			}
			b.WriteString(step)
			i := slices.IndexFunc(node.Content, func(n *yaml.Node) bool { return n.Value == step })
			if lost = lost || i < 0 || i+1 >= len(node.Content); !lost {
				node = node.Content[i+1]
			}
		}
	}
	return node.Line, b.String()
}

func (c *fixtureCheck) all(f fixtures) {
	names, keys := map[string]bool{}, map[string]bool{}
	for i, a := range f.Accounts {
		at := []any{"accounts", i}
		c.text(a.Name, 200, with(at, "name")...)
		if names[a.Name] && a.Name != "" {
			c.fault("another account has this name", with(at, "name")...)
		}
		names[a.Name] = true
		c.url(a.EmergencyURL, with(at, "emergency_url")...)
		for j, k := range a.Keys {
			c.text(k.Label, 200, with(at, "keys", j, "label")...)
			if len(k.Key) < domain.ShortestKey {
				c.fault(fmt.Sprintf("shorter than %d characters", domain.ShortestKey), with(at, "keys", j, "key")...)
			}
			if keys[k.Key] && k.Key != "" {
				c.fault("there twice", with(at, "keys", j, "key")...)
			}
			keys[k.Key] = true
		}
		c.ais(a, at)
		c.maia(a.MAIA, at)
	}
}

func (c *fixtureCheck) ais(a accountFixture, at []any) {
	ids := map[int64]bool{}
	for j, ai := range a.AIs {
		c.text(ai.Name, 200, with(at, "ais", j, "name")...)
		switch {
		case ai.ID < 1:
			c.fault("not a number from 1 on", with(at, "ais", j, "id")...)
		case ids[ai.ID]:
			c.fault("another Sales AI of the account has this id", with(at, "ais", j, "id")...)
		}
		ids[ai.ID] = true
		if _, err := ai.followUpDelay(); err != nil {
			c.fault(err.Error(), with(at, "ais", j, "strategy", "follow_up_delay")...)
		}
	}
	for j, k := range a.Knowledge {
		c.text(k.Title, 1000, with(at, "knowledge", j, "title")...)
		c.text(k.Text, 100_000, with(at, "knowledge", j, "text")...)
		if k.AIID != nil && !ids[*k.AIID] {
			c.fault("the account has no Sales AI with this id", with(at, "knowledge", j, "ai_id")...)
		}
	}
}

func (c *fixtureCheck) maia(m *maiaFixture, at []any) {
	if m == nil {
		return
	}
	if m.Token != "" && len(m.Token) < domain.ShortestKey {
		c.fault(fmt.Sprintf("shorter than %d characters", domain.ShortestKey), with(at, "maia", "token")...)
	}
	if m.Setup == nil {
		return
	}
	if err := m.Setup.Check(c.checkURL); err != nil {
		c.fault(strings.ReplaceAll(err.Error(), "\n", "; "), with(at, "maia", "setup")...)
	}
}

func (c *fixtureCheck) text(value string, longest int, path ...any) {
	switch {
	case strings.TrimSpace(value) == "":
		c.fault("missing or empty", path...)
	case len(value) > longest:
		c.fault(fmt.Sprintf("longer than %d bytes", longest), path...)
	}
}

func (c *fixtureCheck) url(value string, path ...any) {
	if value == "" {
		return
	}
	if err := c.checkURL(value); err != nil {
		c.fault(err.Error(), path...)
	}
}

// with is a path that goes on, in a list of its own.
func with(path []any, steps ...any) []any { return append(slices.Clone(path), steps...) }
