package register

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Markdown writes the register as one page for people: every entry with its
// readings, what speaks for the taken one and how each is recognised. The
// output is the same for the same register. The error is that of w.
func (r *Register) Markdown(w io.Writer) error {
	page := bufio.NewWriter(w)
	s := r.Stats()
	fmt.Fprint(page, "# What do the vendors' documents leave open?\n\n")
	fmt.Fprint(page, "<!-- Generated from api/register.yaml; edit that file instead. -->\n\n")
	fmt.Fprintf(page, "%d entries with %d readings. %d readings have a probe, %d change a contract by an overlay, %d entries cannot be settled by traffic.\n", s.Entries, s.Readings, s.Probes, s.Overlays, s.Unsettleable)
	for i := range r.entries {
		writeEntry(page, &r.entries[i])
	}
	return page.Flush()
}

// writeEntry writes one entry. Errors stay in the writer until it is flushed.
func writeEntry(page *bufio.Writer, e *Entry) {
	fmt.Fprintf(page, "\n## %s\n\n%s\n\n", e.ID, prose(e.Question))
	fmt.Fprintf(page, "Contracts: %s. ", strings.Join(e.Contracts, ", "))
	if len(e.Operations) > 0 {
		fmt.Fprintf(page, "Operations: %s. ", strings.Join(e.Operations, ", "))
	}
	fmt.Fprintf(page, "Settled by: %s.\n\n", prose(e.SettledBy))
	if e.Unsettleable != "" {
		fmt.Fprintf(page, "Traffic cannot settle it. %s\n\n", prose(e.Unsettleable))
	}
	for i := range e.Readings {
		writeReading(page, &e.Readings[i])
	}
	fmt.Fprint(page, "\nConcerns:\n\n")
	for _, p := range e.Pointers {
		fmt.Fprintf(page, "- `%s`\n", p)
	}
}

// writeReading writes one reading as a list item.
func writeReading(page *bufio.Writer, r *Reading) {
	fmt.Fprintf(page, "- **%s** %s", r.ID, prose(r.Text))
	if r.Taken {
		fmt.Fprintf(page, " *Taken:* %s", prose(r.Why))
	}
	if r.Overlay != "" {
		fmt.Fprintf(page, " Overlay: [%s](../api/%s).", r.Overlay, r.Overlay)
	}
	fmt.Fprintln(page)
	if r.Probe.Supports != "" {
		fmt.Fprintf(page, "  - supported by ``%s``\n", r.Probe.Supports)
	}
	if r.Probe.Refutes != "" {
		fmt.Fprintf(page, "  - refuted by ``%s``\n", r.Probe.Refutes)
	}
}

// prose keeps text from being taken for markup.
func prose(text string) string {
	return strings.NewReplacer("*", `\*`, "_", `\_`, "<", `\<`, "[", `\[`, "`", "\\`").Replace(text)
}
