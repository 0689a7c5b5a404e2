package answer

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxLabelledBytes is the largest set of labelled questions that
// ParseLabelled reads.
const MaxLabelledBytes = 1 << 20

// Labelled is a question of which is known what should answer it.
type Labelled struct {
	Question string `json:"question"`
	// Title is that of the right entry, empty when no entry answers.
	Title string `json:"title"`
}

// Row counts what a Retriever would do at one threshold.
type Row struct {
	Threshold float64 `json:"threshold"`
	// Right and RightAnswered count the questions whose best entry is the
	// right one, and those of them that reach the threshold.
	Right         int `json:"right"`
	RightAnswered int `json:"right_answered"`
	// Wrong and WrongAnswered count the questions whose best entry is another
	// than the right one, or that have none.
	Wrong         int `json:"wrong"`
	WrongAnswered int `json:"wrong_answered"`
	// OffTopic and OffTopicAnswered count the questions that no entry answers.
	OffTopic         int `json:"off_topic"`
	OffTopicAnswered int `json:"off_topic_answered"`
}

// Table asks the labelled questions and counts, for each threshold in the
// order given, which would be answered and how. It serves to choose
// Config.Threshold from one's own questions.
func (r *Retriever) Table(questions []Labelled, thresholds []float64) []Row {
	rows := make([]Row, len(thresholds))
	for i, threshold := range thresholds {
		rows[i].Threshold = threshold
	}
	for _, q := range questions {
		match, _ := r.Answer(q.Question)
		for i := range rows {
			rows[i].count(q, match)
		}
	}
	return rows
}

func (row *Row) count(q Labelled, match Match) {
	answered := 0
	if match.Score > 0 && match.Score >= row.Threshold {
		answered = 1
	}
	switch q.Title {
	case "":
		row.OffTopic++
		row.OffTopicAnswered += answered
	case match.Title:
		row.Right++
		row.RightAnswered += answered
	default:
		row.Wrong++
		row.WrongAnswered += answered
	}
}

// ParseLabelled reads labelled questions, one per line as
// "question => title of the entry", or "question =>" for one that no entry
// answers. Empty lines and lines that start with # are skipped. Every title
// must be that of an entry, which finds the labels that a changed knowledge
// base left behind.
func ParseLabelled(r io.Reader, entries []Entry) ([]Labelled, error) {
	document, err := readDocument(r, MaxLabelledBytes)
	if err != nil {
		return nil, fmt.Errorf("labelled questions: %w", err)
	}
	titles := make(map[string]bool, len(entries))
	for _, entry := range entries {
		titles[entry.Title] = true
	}
	var labelled []Labelled
	for i, line := range strings.Split(document, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		question, title, ok := strings.Cut(line, "=>")
		question, title = strings.TrimSpace(question), strings.TrimSpace(title)
		switch {
		case !ok || question == "":
			return nil, fmt.Errorf(`labelled questions: line %d: not of the form "question => title"`, i+1)
		case title != "" && !titles[title]:
			return nil, fmt.Errorf("labelled questions: line %d: no entry is titled %q", i+1, title)
		}
		labelled = append(labelled, Labelled{Question: question, Title: title})
	}
	if len(labelled) == 0 {
		return nil, errors.New(`labelled questions: none found: write lines such as "When do you open? => Opening hours"`)
	}
	return labelled, nil
}
