package viewer

import (
	"fmt"
	"html"
	"slices"
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// annotate tells every x-evidence below n in words, in the description beside
// it, with a link for each register entry that has a question.
func annotate(n *yaml.Node, questions map[string]string) {
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 1 && n.Content[i-1].Value == "servers" {
			annotateServers(child)
			continue
		}
		annotate(child, questions)
	}
	e, ok := readEvidence(n)
	if !ok {
		return
	}
	describe(n, "\n\n"+e.markup(questions)+"\n")
}

// annotateServers tells the evidence of servers, whose descriptions are shown
// as plain text.
func annotateServers(servers *yaml.Node) {
	for _, server := range servers.Content {
		if e, ok := readEvidence(server); ok {
			describe(server, " ("+strings.Join(append([]string{e.Grade}, e.Register...), ", ")+")")
		}
	}
}

// describe adds words at the end of n's description.
func describe(n *yaml.Node, words string) {
	if description := member(n, "description"); description != nil {
		description.Value += words
		description.Style = 0
		return
	}
	n.Content = append(n.Content,
		&yaml.Node{Kind: yaml.ScalarNode, Value: "description"},
		&yaml.Node{Kind: yaml.ScalarNode, Value: strings.TrimSpace(words)})
}

// evidence is x-evidence as it stands in a document.
type evidence struct {
	Grade  string `yaml:"grade"`
	Source struct {
		Page string `yaml:"page"`
		URL  string `yaml:"url"`
	} `yaml:"source"`
	Register []string          `yaml:"register"`
	Keywords map[string]string `yaml:"keywords"`
}

// readEvidence reads the x-evidence of a mapping. One that cannot be read is
// left to the lint, which names it.
func readEvidence(n *yaml.Node) (evidence, bool) {
	var e evidence
	found := member(n, "x-evidence")
	return e, found != nil && found.Decode(&e) == nil
}

// fewEntries is how many register entries stand beside a fact before they are
// folded away.
const fewEntries = 2

// markup is the evidence as one HTML element, which Markdown leaves as it is:
// a line, and the register entries below it.
func (e evidence) markup(questions map[string]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<div class="evidence"><em>%s</em>`, html.EscapeString(e.Grade))
	if keywords := e.keywords(); keywords != "" {
		fmt.Fprintf(&b, " (%s)", html.EscapeString(keywords))
	}
	if e.Source.Page != "" {
		fmt.Fprintf(&b, ": %s", html.EscapeString(e.Source.Page))
	}
	b.WriteString(e.entries(questions))
	b.WriteString("</div>")
	return b.String()
}

// entries lists the register entries, folded away when they are many.
func (e evidence) entries(questions map[string]string) string {
	if len(e.Register) == 0 {
		return ""
	}
	var list strings.Builder
	list.WriteString("<ul>")
	for _, id := range e.Register {
		fmt.Fprintf(&list, "<li>%s</li>", entry(id, questions))
	}
	list.WriteString("</ul>")
	if len(e.Register) <= fewEntries {
		return list.String()
	}
	return fmt.Sprintf("<details><summary>%d open questions: %s</summary>%s</details>",
		len(e.Register), html.EscapeString(strings.Join(e.Register, ", ")), list.String())
}

// keywords are the keywords that are graded apart, by grade.
func (e evidence) keywords() string {
	words := make([]string, 0, len(e.Keywords))
	for keyword, grade := range e.Keywords {
		words = append(words, keyword+" "+grade)
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}

// entry is one register entry as HTML.
func entry(id string, questions map[string]string) string {
	question, known := questions[id]
	if !known {
		return html.EscapeString(id)
	}
	return fmt.Sprintf(`<a href="register#%s">%s</a> %s`, anchor(id), html.EscapeString(id), html.EscapeString(question))
}

// anchor is the fragment of an entry on the register page.
func anchor(id string) string { return strings.ToLower(id) }
