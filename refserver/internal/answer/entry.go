package answer

// Entry is one passage of a knowledge base: what it is about, and the text
// that is given as the answer.
type Entry struct {
	Title string
	Text  string
}
