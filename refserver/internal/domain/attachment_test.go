package domain_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
)

func TestNewFileKeys(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]string{
		"photo.jpg":                 "id-photo.jpg",
		"../../etc/passwd":          "id-passwd",
		`C:\a b\ü.png`:              "id-_.png",
		"/":                         "id-_",
		strings.Repeat("x", 5000):   "id-" + strings.Repeat("x", 200),
		"attachments/acc2/x?y#z%2F": "id-x_y_z_2F",
	} {
		file, err := domain.NewFile(domain.Account{ID: 7}, "id", name, "image/png", 1, time.Date(2026, 1, 31, 23, 0, 0, 0, time.UTC))
		if want := "attachments/acc7/2026/01/" + end; err != nil || file.Key != want || file.Name != name {
			t.Errorf("%.40q: got %q, %v, want %q", name, file.Key, err, want)
		}
	}
}

func TestCheckAttachmentsDoesNotOverflow(t *testing.T) {
	t.Parallel()
	sizes := func(sizes ...int64) []domain.Attachment {
		var all []domain.Attachment
		for _, size := range sizes {
			all = append(all, domain.Attachment{Size: size})
		}
		return all
	}
	if err := domain.CheckAttachments(sizes(50_000_000, 50_000_000)); err != nil {
		t.Errorf("100 MB: %v", err)
	}
	for _, tooMuch := range [][]domain.Attachment{
		sizes(50_000_000, 50_000_001), sizes(math.MaxInt64, math.MaxInt64), sizes(1, math.MaxInt64, 1), make([]domain.Attachment, 11),
	} {
		if err := domain.CheckAttachments(tooMuch); domain.ErrorCode(err) != domain.CodeInvalid {
			t.Errorf("%d attachments: got %v, want them refused", len(tooMuch), err)
		}
	}
}
