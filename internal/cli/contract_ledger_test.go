package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/internal/ledger"
)

// TestHolesAreFindings prints a ledger with a hole in both forms.
func TestHolesAreFindings(t *testing.T) {
	t.Parallel()
	l := &ledger.Ledger{
		Operations: []*ledger.Operation{{Contract: "good", ID: "placeOrder"}},
		Holes:      []ledger.Hole{{Kind: ledger.KindServerMount, At: "good", Detail: "not mounted"}},
		Waived:     []ledger.Waiver{{Kind: ledger.KindGrade, At: "good placeOrder", Reason: "new"}},
	}
	var text, data bytes.Buffer
	for format, out := range map[string]*bytes.Buffer{"text": &text, "json": &data} {
		if err := printLedger(out, format, l); !errors.Is(err, errFindings) {
			t.Errorf("%s: got error %v, want that there are findings", format, err)
		}
	}
	for _, want := range []string{"hole: server-mount good: not mounted\n", "waived: operation-grade good placeOrder: new\n", "1 holes, 1 waived"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("got %s, want %q in it", text.String(), want)
		}
	}
	var got ledger.Ledger
	if err := json.Unmarshal(data.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Holes) != 1 || got.Holes[0] != l.Holes[0] {
		t.Errorf("got holes %v, want %v", got.Holes, l.Holes)
	}
}
