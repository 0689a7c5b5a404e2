package refserver

import (
	"bytes"
	"context"
	_ "embed" // the built-in knowledge base
	"errors"
	"fmt"
	"io"

	"github.com/parley-contracts/parley/refserver/internal/answer"
	"github.com/parley-contracts/parley/refserver/internal/knowledge"
)

// Document is a file of a knowledge base: plain text, Markdown, HTML or PDF.
type Document struct {
	// Name is the file's; its ending tells the kind when ContentType does not.
	Name string
	// ContentType may be empty.
	ContentType string
	Data        []byte
}

// The built-in knowledge base and the labelled questions that its threshold is
// reported with.
var (
	//go:embed seed/knowledge.md
	builtInKnowledge []byte
	//go:embed seed/questions.txt
	builtInQuestions []byte
)

// readKnowledge returns the entries of a configuration: those of Knowledge and
// then those of Documents, or the built-in ones when there is neither.
func readKnowledge(ctx context.Context, config Config) ([]answer.Entry, error) {
	var entries []answer.Entry
	own := config.Knowledge
	if len(own) == 0 && len(config.Documents) == 0 {
		own = builtInKnowledge
	}
	if len(own) > 0 {
		var err error
		if entries, err = answer.ParseMarkdown(bytes.NewReader(own)); err != nil {
			return nil, fmt.Errorf("read knowledge base: %w", err)
		}
	}
	parser := knowledge.Parser{PDF: knowledge.ReadPDF}
	if len(config.PDFCommand) > 0 {
		parser.PDF = knowledge.Command(config.PDFCommand...)
	}
	for _, d := range config.Documents {
		more, err := parser.Parse(ctx, d.Name, d.ContentType, bytes.NewReader(d.Data))
		if err != nil {
			return nil, fmt.Errorf("read %w", err)
		}
		entries = append(entries, more...)
	}
	return entries, nil
}

// ServePDF is what Config.PDFCommand has to do: it reads a PDF from r and
// writes its lines to w in a form of this package's. It calls exhausted from
// another goroutine when the process takes too much memory, and then wants it
// ended at once. Its error is that of r and w alone.
func ServePDF(ctx context.Context, r io.Reader, w io.Writer, exhausted func(error)) error {
	return knowledge.ServePDF(ctx, r, w, exhausted)
}

// AnswerReport says what retrieval makes of labelled questions at several
// thresholds; its method WriteText prints it as a table.
type AnswerReport = answer.Report

// ReportAnswers asks the knowledge base of a configuration labelled questions,
// so that Config.AnswerThreshold can be chosen from one's own. There is one
// question a line, "question => title of the entry that answers it", with
// nothing behind the arrow where none does. Nil means the built-in questions,
// which go with the built-in knowledge base alone.
func ReportAnswers(ctx context.Context, config Config, labelled []byte) (AnswerReport, error) {
	if config.AnswerThreshold < 0 || config.AnswerThreshold > 1 {
		return AnswerReport{}, errThreshold(config.AnswerThreshold)
	}
	entries, err := readKnowledge(ctx, config)
	if err != nil {
		return AnswerReport{}, err
	}
	if labelled == nil {
		if len(config.Knowledge) > 0 || len(config.Documents) > 0 {
			return AnswerReport{}, errors.New("labelled questions: there are none for this knowledge base: write some")
		}
		labelled = builtInQuestions
	}
	questions, err := answer.ParseLabelled(bytes.NewReader(labelled), entries)
	if err != nil {
		return AnswerReport{}, err
	}
	retriever := answer.NewRetriever(entries, answer.Config{Threshold: config.AnswerThreshold})
	return answer.NewReport(retriever, questions), nil
}

func errThreshold(threshold float64) error {
	return fmt.Errorf("answer threshold %v: not from 0 to 1", threshold)
}
