// Package knowledge turns uploaded files into the entries of a knowledge base:
// plain text, Markdown, HTML and PDF. A heading starts an entry, text without
// headings is cut between paragraphs, and long entries are cut into parts that
// can stand as answers.
//
//	entries, err := knowledge.Parse("faq.html", "", file)
//
// It keeps words and their order, not looks: no pictures, no tables beyond
// their cells' text, and of a PDF only what it holds as text; a scan has none
// and is refused.
package knowledge
