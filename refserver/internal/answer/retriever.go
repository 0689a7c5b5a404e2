package answer

import (
	"cmp"
	"math"
	"slices"
)

// DefaultThreshold is the score from which a question counts as answered. It
// rather hands a question to a human than gives a wrong answer; Table shows
// what another value would do.
const DefaultThreshold = 0.22

// The usual constants of BM25: how soon a repeated word stops to add, and how
// much a long passage pays for its length. A word of the title counts as
// titleWeight words of the text.
const (
	saturation   = 1.2
	lengthWeight = 0.75
	titleWeight  = 2
)

// Config holds the settings of a Retriever.
type Config struct {
	// Threshold is the least score, of 0 to 1, of an answer. 0 means
	// DefaultThreshold, a negative value answers whenever a word is shared.
	Threshold float64
}

// Match is the entry that fits a question best.
type Match struct {
	Text  string `json:"-"`
	Title string `json:"title"`
	// Score is the share, 0 to 1, of the best score that the question could
	// have reached. Words that the knowledge base lacks count against it.
	Score float64 `json:"score"`
}

// Retriever answers questions from a fixed set of entries. It never changes,
// so any number of goroutines may use it; make a new one when entries change.
type Retriever struct {
	entries   []Entry
	threshold float64
	postings  map[string][]posting
	// discount is, per entry, what its length adds to the denominator.
	discount []float64
}

// posting is one entry that holds a term, and how often.
type posting struct {
	entry int
	count float64
}

// NewRetriever indexes the entries, which it copies. Without entries it
// answers nothing.
func NewRetriever(entries []Entry, config Config) *Retriever {
	r := &Retriever{
		entries:   append([]Entry(nil), entries...),
		threshold: config.Threshold,
		postings:  make(map[string][]posting),
		discount:  make([]float64, len(entries)),
	}
	if r.threshold == 0 || math.IsNaN(r.threshold) {
		r.threshold = DefaultThreshold
	}
	total := 0.0
	for i, entry := range entries {
		length := r.index(i, entry)
		r.discount[i] = length
		total += length
	}
	mean := total / float64(max(len(entries), 1))
	for i, length := range r.discount {
		relative := 1.0
		if mean > 0 {
			relative = length / mean
		}
		r.discount[i] = saturation * (1 - lengthWeight + lengthWeight*relative)
	}
	return r
}

// index adds one entry and returns its length in terms.
func (r *Retriever) index(i int, entry Entry) float64 {
	counts := make(map[string]float64)
	length := 0.0
	add := func(text string, weight float64) {
		for _, term := range terms(text) {
			counts[term] += weight
			length += weight
		}
	}
	add(entry.Title, titleWeight)
	add(entry.Text, 1)
	for term, count := range counts {
		r.postings[term] = append(r.postings[term], posting{entry: i, count: count})
	}
	return length
}

// Entries returns the number of entries.
func (r *Retriever) Entries() int { return len(r.entries) }

// Threshold returns the score from which Answer is sure.
func (r *Retriever) Threshold() float64 { return r.threshold }

// Answer returns the entry that fits the question best, the earlier one of
// equals, and whether it reaches the threshold. The Match is filled in also
// when it does not, and zero when no word is shared. The time it takes grows
// with the length of the question: bound what comes from outside.
func (r *Retriever) Answer(question string) (Match, bool) {
	matches := r.Search(question, 1)
	if len(matches) == 0 {
		return Match{}, false
	}
	return matches[0], matches[0].Score >= r.threshold
}

// Search returns the entries that share a word with the question, best first
// and the earlier one of equals first, at most limit of them. The threshold
// does not count.
func (r *Retriever) Search(question string, limit int) []Match {
	scores, possible := r.scores(question)
	if possible == 0 {
		return nil
	}
	var ranked []int
	for i, score := range scores {
		if score > 0 {
			ranked = append(ranked, i)
		}
	}
	slices.SortStableFunc(ranked, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	matches := make([]Match, 0, min(len(ranked), max(limit, 0)))
	for _, i := range ranked[:cap(matches)] {
		matches = append(matches, Match{Text: r.entries[i].Text, Title: r.entries[i].Title, Score: scores[i] / possible})
	}
	return matches
}

// scores returns what each entry reaches for the question and the most that any
// could.
func (r *Retriever) scores(question string) (scores []float64, possible float64) {
	// Terms are added up in the order of the question: floating-point sums in
	// map order would differ in the last bit and break ties at random.
	scores = make([]float64, len(r.entries))
	asked := make(map[string]bool)
	for _, term := range terms(question) {
		if asked[term] {
			continue
		}
		asked[term] = true
		held := r.postings[term]
		weight := r.rarity(len(held))
		possible += weight * (saturation + 1)
		for _, p := range held {
			scores[p.entry] += weight * p.count * (saturation + 1) / (p.count + r.discount[p.entry])
		}
	}
	return scores, possible
}

// rarity is the inverse document frequency of a term that so many entries
// hold; always positive.
func (r *Retriever) rarity(holders int) float64 {
	n, h := float64(len(r.entries)), float64(holders)
	return math.Log(1 + (n-h+0.5)/(h+0.5))
}
