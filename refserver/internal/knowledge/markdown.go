package knowledge

import (
	"strings"

	"github.com/parley-contracts/parley/refserver/internal/answer"
)

// readMarkdown reads Markdown: headings of both styles, and the text between
// them as it is written. A fenced block is one paragraph.
func readMarkdown(b *builder, data []byte) error {
	document, err := utf8Text(data)
	if err != nil {
		return err
	}
	var open []string
	closeParagraph := func() {
		b.paragraph(strings.Join(open, "\n"))
		open = nil
	}
	fence := ""
	for line := range strings.SplitSeq(document, "\n") {
		switch {
		case fence != "":
			open = append(open, line)
			if answer.ClosesFence(line, fence) {
				fence = ""
				closeParagraph()
			}
			continue
		case answer.OpensFence(line) != "":
			fence = answer.OpensFence(line)
			closeParagraph()
			open = append(open, line)
			continue
		case strings.TrimSpace(line) == "":
			closeParagraph()
			continue
		}
		if level, title := answer.Heading(line); level > 0 {
			closeParagraph()
			b.heading(level, title)
			continue
		}
		if trimmed := strings.TrimSpace(line); len(open) == 1 && underline(trimmed) {
			level := 2
			if trimmed[0] == '=' {
				level = 1
			}
			b.heading(level, open[0])
			open = nil
			continue
		}
		open = append(open, strings.TrimRight(line, " \t"))
	}
	closeParagraph()
	return b.full()
}
