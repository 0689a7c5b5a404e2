package viewer

import (
	"bytes"
	"embed"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/register"
)

//go:embed page/*.html
var pages embed.FS

// render fills a template of the folder page.
func render(name string, data any) ([]byte, error) {
	t, err := template.New(name).Funcs(template.FuncMap{"anchor": anchor, "join": strings.Join}).ParseFS(pages, "page/"+name, "page/frame.html")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, data); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// indexPage lists the contracts and their operations.
func indexPage(config Config, docs *documents) ([]byte, error) {
	return render("index.html", struct {
		Contracts []contractSummary
		Register  *register.Register
	}{docs.contracts, config.Register})
}

// referencePage is where Redoc shows one contract.
func referencePage(config Config, c contractSummary) ([]byte, error) {
	return render("reference.html", struct {
		Contract contractSummary
		Register *register.Register
	}{c, config.Register})
}

// registerPage shows every entry.
func registerPage(r *register.Register, docs *documents) ([]byte, error) {
	data := struct {
		Stats   register.Stats
		Entries []entryView
	}{Stats: r.Stats()}
	links := map[string]template.URL{}
	for _, c := range docs.contracts {
		for _, op := range c.Operations {
			links[op.ID] = op.Target
		}
	}
	for i := range r.Entries() {
		e := &r.Entries()[i]
		view := entryView{Entry: e}
		for _, id := range e.Operations {
			view.Links = append(view.Links, link{Text: id, Target: links[id]})
		}
		for _, name := range e.Contracts {
			l := link{Text: name}
			if slices.ContainsFunc(docs.contracts, func(c contractSummary) bool { return c.Name == name }) {
				l.Target = template.URL(url.PathEscape(name)) //nolint:gosec // escaped, and the name of a page
			}
			view.Places = append(view.Places, l)
		}
		data.Entries = append(data.Entries, view)
	}
	return render("register.html", data)
}

// entryView is an entry with what it links to.
type entryView struct {
	*register.Entry
	Places []link
	Links  []link
}

// link is a word that may lead somewhere.
type link struct {
	Text   string
	Target template.URL
}
