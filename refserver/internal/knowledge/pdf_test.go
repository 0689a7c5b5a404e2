package knowledge

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/refserver/internal/answer"
)

// processEnv makes the test binary a reading process, as Command runs it.
const processEnv = "KNOWLEDGE_TEST_PROCESS"

func TestMain(m *testing.M) {
	switch os.Getenv(processEnv) {
	case "serve":
		end := func(error) { os.Exit(4) }
		if err := ServePDF(context.Background(), os.Stdin, os.Stdout, end); err != nil {
			os.Exit(3)
		}
		os.Exit(0)
	case "noise":
		fmt.Println("not lines")
		os.Exit(0)
	case "flood":
		_, _ = io.Copy(os.Stdout, strings.NewReader(strings.Repeat("x", maxCommandBytes+1)))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// process is a Command that runs this binary.
func process(mode string) func(context.Context, []byte) ([]Line, error) {
	return Command("env", processEnv+"="+mode, os.Args[0])
}

// samplePDF is a document with one page per content, in Helvetica F1; cmap,
// when not empty, is the map of the letters of the composite font F2.
func samplePDF(content, cmap string) []byte {
	return pdfOf(
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1/Resources<</Font<</F1 5 0 R/F2 6 0 R>>/XObject<</X1 8 0 R>>>>>>",
		"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>",
		stream("", content),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
		"<</Type/Font/Subtype/Type0/BaseFont/Some/Encoding/Identity-H/ToUnicode 7 0 R/DescendantFonts[<</Type/Font/DW 600/W[1[500 500]3 9 700]>>]>>",
		stream("", cmap),
		stream("/Type/XObject/Subtype/Form/Matrix[1 0 0 1 0 -100]", "BT /F1 10 Tf 50 700 Td (in a form) Tj ET"),
	)
}

// stream is a compressed stream object.
func stream(header, content string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = io.WriteString(w, content)
	_ = w.Close()
	return fmt.Sprintf("<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", header, b.Len(), b.String())
}

// pdfOf is a document of those objects, the first its catalogue.
func pdfOf(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	offsets := make([]int, len(objects))
	for i, object := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

const letterMap = `begincmap
1 begincodespacerange <0000> <FFFF> endcodespacerange
2 beginbfchar <0001> <0048> <0002> <0069> endbfchar
endcmap`

func TestReadPDF(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		content string
		want    []Line
	}{
		"lines": {"BT /F1 10 Tf 12 TL 50 700 Td (One) Tj T* (Two) Tj (three) ' ET", []Line{
			{1, "One", 10, false}, {1, "Two", 10, false}, {1, "three", 10, false},
		}},
		"space above":      {"BT /F1 10 Tf 50 700 Td (One) Tj 0 -30 TD (Two) Tj ET", []Line{{1, "One", 10, false}, {1, "Two", 10, true}}},
		"kerning":          {"BT /F1 10 Tf 50 700 Td [(W) 80 (ord) -700 (next)] TJ ET", []Line{{1, "Word next", 10, false}}},
		"size by matrices": {"q 2 0 0 2 0 0 cm BT /F1 1 Tf 7 0 0 7 10 10 Tm (Big) Tj ET Q BT /F1 10 Tf (small) Tj ET", []Line{{1, "Big", 14, false}, {1, "small", 10, true}}},
		"composite font":   {"BT /F2 10 Tf 50 700 Td <00010002> Tj ET", []Line{{1, "Hi", 10, false}}},
		"form":             {"/X1 Do", []Line{{1, "in a form", 10, false}}},
		"special letters":  {"BT /F1 10 Tf (caf\\351) Tj ET", []Line{{1, "café", 10, false}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := samplePDF(tc.content, letterMap)
			for how, read := range map[string]func(context.Context, []byte) ([]Line, error){
				"this process": ReadPDF, "another process": process("serve"),
			} {
				got, err := read(t.Context(), data)
				if err != nil {
					t.Fatalf("%s: %v", how, err)
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", how, diff)
				}
			}
		})
	}
}

// TestParsePDF reads a page that a browser printed.
func TestParsePDF(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/lodge.pdf")
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse("lodge.pdf", "application/pdf", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	want := []answer.Entry{
		{Title: "Guest handbook", Text: "Welcome to the lodge, a place that does not exist."},
		{Title: "Check-in", Text: "You can check in from three in the afternoon. The key is at the desk, and somebody is there until ten in the evening; later there is a box with a code."},
		{Title: "Breakfast", Text: "Breakfast is served from seven to ten in the dining room. Tell us about allergies the day before. The final offices of the café are naïve.\n\nTea\n\nCoffee"},
	}
	for i := range got { // the browser's bullets and their distances are its own
		got[i].Text = strings.ReplaceAll(strings.ReplaceAll(got[i].Text, "Tea Coffee", "Tea\n\nCoffee"), "• ", "")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
}

func TestHyphensAreMended(t *testing.T) {
	t.Parallel()
	lines := []Line{{1, "A break-", 10, false}, {1, "fast in the E-", 10, false}, {1, "Mail room", 10, false}, {2, "goes on.", 10, true}}
	parser := Parser{PDF: func(context.Context, []byte) ([]Line, error) { return lines, nil }}
	got, err := parser.Parse(t.Context(), "a.pdf", "", strings.NewReader("%PDF-"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]answer.Entry{{Title: "a", Text: "A breakfast in the E- Mail room\n\ngoes on."}}, got); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
}

func TestReadPDFRefuses(t *testing.T) {
	t.Parallel()
	manyPages := strings.Repeat("3 0 R ", MaxPages+1)
	for name, tc := range map[string]struct {
		data []byte
		is   error
		text string
	}{
		"cut short": {samplePDF("BT ET", "")[:200], nil, "read PDF"},
		"a scan":    {samplePDF("0 0 100 100 re f", ""), ErrNoText, "1 pages"},
		"letters that no font tells": {samplePDF("BT /F2 10 Tf <000100020003> Tj ET", `begincmap
1 begincodespacerange <0000> <FFFF> endcodespacerange endcmap`), ErrNoText, "3 out of 3 characters"},
		"many pages":       {pdfOf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids["+manyPages+"]>>", "<</Type/Page>>"), ErrTooLarge, "more than 2000 pages"},
		"tree in a circle": {pdfOf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R]>>"), ErrTooLarge, "page tree deeper"},
		"much text":        {samplePDF("BT /F1 10 Tf "+strings.Repeat("("+strings.Repeat("x", 1000)+") ' ", MaxTextBytes/1000+1)+"ET", ""), ErrTooLarge, "bytes of text"},
		"missing filter": {pdfOf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]>>", "<</Type/Page/Contents 4 0 R>>",
			"<</Filter/NoSuchDecode/Length 1>>\nstream\nx\nendstream"), nil, "malformed"},
		"table in a circle": {[]byte("%PDF-1.7\nxref\n0 0\ntrailer\n<</Size 1/Prev 9>>\nstartxref\n9\n" + strings.Repeat(" ", 100) + "%%EOF\n"), nil, "read PDF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for how, read := range map[string]func(context.Context, []byte) ([]Line, error){
				"this process": ReadPDF, "another process": process("serve"),
			} {
				_, err := read(t.Context(), tc.data)
				if err == nil || tc.is != nil && !errors.Is(err, tc.is) || !strings.Contains(err.Error(), tc.text) {
					t.Errorf("%s: got %v, want %v with %q", how, err, tc.is, tc.text)
				}
			}
		})
	}
}

// TestHarmfulPDFEndsTheProcessAlone: an object that is kept in itself recurses
// until the stack is exhausted, which no recover stops.
func TestHarmfulPDFEndsTheProcessAlone(t *testing.T) {
	t.Parallel()
	_, err := process("serve")(t.Context(), bottomless())
	if err == nil || !strings.Contains(err.Error(), "the process that read it failed") {
		t.Errorf("got %v, want the end of the other process", err)
	}
}

// bottomless is a PDF whose catalogue is in an object stream that is in itself.
func bottomless() []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	start := b.Len()
	// Each entry: kind 2, in stream 2, place 0.
	table := strings.Repeat("\x02\x02\x00", 3)
	fmt.Fprintf(&b, "3 0 obj\n<</Type/XRef/Size 3/W[1 1 1]/Root 1 0 R/Length %d>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n", len(table), table, start)
	b.WriteString(strings.Repeat(" ", 100) + "%%EOF\n")
	raw := b.Bytes()
	// The library looks for startxref in the last 100 bytes.
	return bytes.Replace(raw, []byte(strings.Repeat(" ", 100)), nil, 1)
}

func TestCommandRefuses(t *testing.T) {
	t.Parallel()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, tc := range map[string]struct {
		ctx  context.Context
		read func(context.Context, []byte) ([]Line, error)
		want string
	}{
		"no command":      {t.Context(), Command(), "no command"},
		"missing command": {t.Context(), Command("/no/such/command"), "failed"},
		"something else":  {t.Context(), process("noise"), "something else than lines"},
		"too much":        {t.Context(), process("flood"), "failed"},
		"context is over": {canceled, process("serve"), "context canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := tc.read(tc.ctx, []byte("%PDF-"))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}
