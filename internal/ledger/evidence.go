package ledger

import (
	"io/fs"
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// checkEvidence looks at every x-evidence of the documents: the register
// entries that it names exist, and a fact that it grades documented is among
// the documented fields.
func (b *balance) checkEvidence() {
	for _, name := range b.docs.names() {
		walk(place{name, b.docs[name]}, "", func(p place, pointer string) {
			if e := child(p.node, "x-evidence"); e != nil {
				b.ledger.Evidence++
				b.checkRegisterIDs(p, child(e, "register"))
			}
			if gaps := child(p.node, "x-known-gaps"); gaps != nil {
				for _, gap := range gaps.Content {
					b.checkRegisterIDs(place{name, gap}, child(gap, "register"))
				}
			}
			for _, keyword := range []string{"properties", "headers"} {
				members(child(p.node, keyword), func(fact string, value *yaml.Node) {
					b.checkListed(place{name, value}, pointer+"/"+keyword+"/"+escape(fact))
				})
			}
			if text(p.node, "in") != "" && child(p.node, "schema") != nil {
				b.checkListed(p, pointer)
			}
		})
	}
}

// checkRegisterIDs looks up the entries in a list of ids.
func (b *balance) checkRegisterIDs(p place, ids *yaml.Node) {
	if ids == nil {
		return
	}
	for _, id := range ids.Content {
		b.linked[id.Value] = true
		if b.Register == nil || b.Register.Entry(id.Value) == nil {
			b.hole(KindRegisterUnknown, id.Value, "named at "+p.String())
		}
	}
}

// checkListed reports a fact that claims to be documented but is not among the
// documented fields.
func (b *balance) checkListed(p place, pointer string) {
	if text(p.node, "x-evidence", "grade") != "documented" || b.documented[p.node] {
		return
	}
	b.hole(KindFieldUnlisted, p.file+"#"+pointer, "graded documented on page "+text(p.node, "x-evidence", "source", "page"))
}

// checkRegister looks at what the entries point at, and that a contract names
// each of them.
func (b *balance) checkRegister() {
	if b.Register == nil {
		return
	}
	for _, e := range b.Register.Entries() {
		b.ledger.Entries++
		for _, name := range e.Contracts {
			if b.docs[name+".yaml"] == nil {
				b.hole(KindRegisterPointer, e.ID, "there is no contract "+name)
			}
		}
		for _, id := range e.Operations {
			if b.byID[id] == nil {
				b.hole(KindRegisterPointer, e.ID, "there is no operation "+id)
			}
		}
		for _, pointer := range e.Pointers {
			if file, _, _ := strings.Cut(pointer, "#"); b.docs[file] == nil || b.docs.target("", pointer).node == nil {
				b.hole(KindRegisterPointer, e.ID, pointer+" leads nowhere")
			}
		}
		for _, reading := range e.Readings {
			if reading.Overlay == "" {
				continue
			}
			if _, err := fs.Stat(b.FS, reading.Overlay); err != nil {
				b.hole(KindRegisterPointer, e.ID, "there is no overlay "+reading.Overlay)
			}
		}
		if !b.linked[e.ID] {
			b.hole(KindRegisterUnlinked, e.ID, "no x-evidence names it")
		}
	}
}
