package domain_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/refserver/internal/domain"
)

func TestProspectInfoCheck(t *testing.T) {
	t.Parallel()
	v := func(s string) *string { return &s }
	for _, tc := range []struct {
		name       string
		info       domain.ProspectInfo
		okV1, okV2 bool
	}{
		{"nothing", domain.ProspectInfo{}, false, false},
		{"names only", domain.ProspectInfo{FirstName: v("A"), LastName: v("B")}, false, false},
		{"names and e-mail", domain.ProspectInfo{FirstName: v("A"), LastName: v("B"), Email: v("a@b")}, true, true},
		{"blank last name", domain.ProspectInfo{FirstName: v("A"), LastName: v(""), Phone: v("1")}, true, true},
		{"no last name", domain.ProspectInfo{FirstName: v("A"), Phone: v("1")}, false, true},
		{"no first name", domain.ProspectInfo{LastName: v("B"), Phone: v("1")}, false, false},
		{"Instagram", domain.ProspectInfo{FirstName: v("A"), LastName: v("B"), Instagram: v("a")}, true, true},
		{"Facebook", domain.ProspectInfo{FirstName: v("A"), LastName: v("B"), Facebook: v("a")}, true, true},
		{"Intercom", domain.ProspectInfo{FirstName: v("A"), LastName: v("B"), Intercom: v("a")}, false, true},
		{"blank contact", domain.ProspectInfo{FirstName: v("A"), LastName: v("B"), Email: v(" ")}, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for version, ok := range map[domain.Version]bool{domain.V1: tc.okV1, domain.V2: tc.okV2} {
				err := tc.info.Check(version)
				if (err == nil) != ok {
					t.Errorf("V%d: got error %v, want accepted %v", version, err, ok)
				}
				if err != nil && domain.ErrorCode(err) != domain.CodeInvalid {
					t.Errorf("V%d: got code %q, want %q", version, domain.ErrorCode(err), domain.CodeInvalid)
				}
			}
		})
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	stored := domain.ProspectDetails{FirstName: "Ada", LastName: "Byron", Email: "ada@example.com", Phone: "1"}
	name, none := " Lovelace ", ""
	got := stored.Merge(domain.ProspectInfo{LastName: &name, Phone: &none})
	want := domain.ProspectDetails{FirstName: "Ada", LastName: "Lovelace", Email: "ada@example.com"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("merged details (-want +got):\n%s", diff)
	}
}

func TestKeysOfContacts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		{"+1 555 0100", "15550100"}, {"001-555-0100", "15550100"}, {"15550100", "15550100"},
		{"(1) 555.0100", "15550100"}, {"0555", "0555"}, {"", ""}, {"none", ""},
	} {
		if got := domain.PhoneKey(tc.in); got != tc.want {
			t.Errorf("phone %q: got %q, want %q", tc.in, got, tc.want)
		}
	}
	if got, want := domain.EmailKey(" Ada@Example.COM\n"), "ada@example.com"; got != want {
		t.Errorf("e-mail: got %q, want %q", got, want)
	}
}
