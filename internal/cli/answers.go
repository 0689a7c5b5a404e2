package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/parley-contracts/parley/refserver"
)

// answersCommand is about the answers of the reference server.
type answersCommand struct {
	Report answersReportCommand `cmd:"" help:"Print what a knowledge base answers at each confidence threshold, from questions of which the right answers are known."`
}

// answersReportCommand prints the table that a threshold is chosen from.
type answersReportCommand struct {
	Answers   []string `sep:"none" help:"File of the knowledge base: text, Markdown, HTML or PDF; may be repeated. Default: that of a made-up training company." placeholder:"FILE"`
	Labelled  string   `default:"" help:"Questions, one per line as 'question => title of the entry that answers it', nothing behind the arrow for none. Default: those that go with the default knowledge base." placeholder:"FILE"`
	Threshold float64  `default:"0" help:"Threshold to mark as the one in use; 0 for the default." placeholder:"SCORE"`
	Format    string   `enum:"text,json" default:"text" help:"Form of the output: text or json."`
}

// Run prints the report.
func (c answersReportCommand) Run(ctx context.Context, to console) error {
	documents, err := readDocuments(c.Answers)
	if err != nil {
		return err
	}
	var labelled []byte
	if c.Labelled != "" {
		if labelled, err = readLimited(c.Labelled); err != nil {
			return failed(fmt.Errorf("read labelled questions: %w", err), "name a text file with --labelled")
		}
		if labelled == nil {
			labelled = []byte{} // an empty file is no questions, not the default
		}
	}
	report, err := refserver.ReportAnswers(ctx, refserver.Config{
		Documents: documents, PDFCommand: pdfCommand(), AnswerThreshold: c.Threshold,
	}, labelled)
	if err != nil {
		return failed(err, "the labels are the headings of the knowledge base; see 'parley answers report --help'")
	}
	if c.Format == "json" {
		return writeJSON(to.out, report)
	}
	return report.WriteText(to.out)
}

// maxDocumentBytes is the largest file of a knowledge base, somewhat more than
// the reference server takes, so that it can say what is too large.
const maxDocumentBytes = 17 << 20

// readDocuments reads the files of a knowledge base.
func readDocuments(files []string) ([]refserver.Document, error) {
	documents := make([]refserver.Document, 0, len(files))
	for _, file := range files {
		data, err := readLimited(file)
		if err != nil {
			return nil, failed(fmt.Errorf("read knowledge base: %w", err), "name text, Markdown, HTML or PDF files with --answers, or leave it out")
		}
		documents = append(documents, refserver.Document{Name: filepath.Base(file), Data: data})
	}
	return documents, nil
}

// readLimited reads a file up to the size of a document.
func readLimited(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxDocumentBytes))
	if err == nil && len(data) == maxDocumentBytes {
		err = &fs.PathError{Op: "read", Path: file, Err: errors.New("too large for a knowledge base: split it")}
	}
	return data, err
}

// pdfTextCommand reads one PDF in a process of its own, for the other commands.
type pdfTextCommand struct{}

// pdfCommand is the command line of pdfTextCommand, empty where this program
// cannot tell where it is.
func pdfCommand() []string {
	program, err := os.Executable()
	if err != nil {
		return nil
	}
	return []string{program, "pdf-text"}
}

// Run reads standard input.
func (pdfTextCommand) Run(ctx context.Context, to console) error {
	exhausted := func(err error) {
		// Memory is running out in another goroutine: nothing there will
		// listen to a context in time.
		to.say("error: %v", err)
		os.Exit(ExitFailed)
	}
	if err := refserver.ServePDF(ctx, os.Stdin, to.out, exhausted); err != nil {
		return failed(err, "")
	}
	return nil
}
