package answer

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// ReportThresholds are the thresholds that a report shows beside the one in
// use, from answering whatever shares a word up to answering little.
func ReportThresholds() []float64 {
	return []float64{0, 0.05, 0.10, 0.15, 0.20, DefaultThreshold, 0.25, 0.30, 0.35, 0.40, 0.50}
}

// Report is what a Retriever makes of labelled questions at several thresholds.
type Report struct {
	Entries   int `json:"entries"`
	Questions int `json:"questions"`
	// Threshold is the one in use; Rows has a row for it.
	Threshold float64 `json:"threshold"`
	Rows      []Row   `json:"rows"`
	// Missed are the questions with a right entry whose best entry is another.
	Missed []Miss `json:"missed,omitempty"`
}

// Miss is a question that leads to another entry than the right one.
type Miss struct {
	Labelled
	// Best is what was found, zero when no word is shared.
	Best Match `json:"best"`
}

// NewReport asks the labelled questions at ReportThresholds and at the one in
// use.
func NewReport(r *Retriever, questions []Labelled) Report {
	thresholds := append(ReportThresholds(), r.threshold)
	slices.Sort(thresholds)
	report := Report{
		Entries: r.Entries(), Questions: len(questions), Threshold: r.threshold,
		Rows: r.Table(questions, slices.Compact(thresholds)),
	}
	for _, q := range questions {
		best, _ := r.Answer(q.Question)
		if q.Title != "" && q.Title != best.Title {
			report.Missed = append(report.Missed, Miss{q, best})
		}
	}
	return report
}

// WriteText prints the report as a table. A cell is the questions answered of
// those there are; the threshold in use is marked.
func (r Report) WriteText(w io.Writer) error {
	fmt.Fprintf(w, "%d entries, %d labelled questions\n\n", r.Entries, r.Questions)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "threshold\tright answered\twrong answered\toff-topic answered\t")
	for _, row := range r.Rows {
		mark := ""
		if row.Threshold == r.Threshold {
			mark = "  <- in use"
		}
		fmt.Fprintf(table, "%.2f\t%d/%d\t%d/%d\t%d/%d\t%s\n", row.Threshold,
			row.RightAnswered, row.Right, row.WrongAnswered, row.Wrong, row.OffTopicAnswered, row.OffTopic, mark)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print answer report: %w", err)
	}
	if len(r.Missed) == 0 {
		return nil
	}
	_, err := fmt.Fprintf(w, "\nquestions that lead to another entry than the right one:\n")
	for _, miss := range r.Missed {
		found := "nothing"
		if miss.Best.Title != "" {
			found = fmt.Sprintf("%q at %.2f", miss.Best.Title, miss.Best.Score)
		}
		_, err = fmt.Fprintf(w, "  %q: found %s, right is %q\n", miss.Question, found, miss.Title)
	}
	if err != nil {
		return fmt.Errorf("print answer report: %w", err)
	}
	return nil
}
