package manage_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/gen/management"
	"github.com/parley-contracts/parley/refserver"
)

func TestAccountsAndKeys(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(refserver.Config) *double) {
		d := open(refserver.Config{})
		ctx := t.Context()

		created := must(d.CreateAccountWithResponse(ctx, management.NewAccount{Name: "Acme"}))(t)
		wantStatus(t, created.HTTPResponse, created.Body, http.StatusCreated)
		id := created.JSON201.ID
		url := "http://127.0.0.1:9/emergency"
		updated := must(d.UpdateAccountWithResponse(ctx, id, management.AccountChange{EmergencyURL: &url}))(t)
		wantStatus(t, updated.HTTPResponse, updated.Body, http.StatusOK)
		read := must(d.GetAccountWithResponse(ctx, id))(t)
		wantStatus(t, read.HTTPResponse, read.Body, http.StatusOK)
		if diff := cmp.Diff(management.Account{ID: id, Name: "Acme", EmergencyURL: url}, *read.JSON200); diff != "" {
			t.Errorf("account (-want +got):\n%s", diff)
		}

		key := must(d.CreateKeyWithResponse(ctx, id, management.NewKey{Label: "ci"}))(t)
		wantStatus(t, key.HTTPResponse, key.Body, http.StatusCreated)
		const path, body = "/api/create-conversation/", `{"prospect_info": {"first_name": "Ada", "last_name": "", "email": "ada@example.com"}}`
		if got := d.post(t, key.JSON201.Key, path, body); got != http.StatusOK {
			t.Errorf("new key: got status %d, want 200", got)
		}
		for i, want := range []int{http.StatusNoContent, http.StatusNotFound} {
			revoked := must(d.RevokeKeyWithResponse(ctx, id, key.JSON201.ID))(t)
			if revoked.StatusCode() != want {
				t.Errorf("revocation %d: got status %d, want %d", i+1, revoked.StatusCode(), want)
			}
		}
		if got := d.post(t, key.JSON201.Key, path, body); got != http.StatusUnauthorized {
			t.Errorf("revoked key: got status %d, want 401", got)
		}
		keys := must(d.ListKeysWithResponse(ctx, id, &management.ListKeysParams{}))(t)
		wantStatus(t, keys.HTTPResponse, keys.Body, http.StatusOK)
		if n := len(keys.JSON200.Items); n != 1 || keys.JSON200.Items[0].RevokedAt == nil {
			t.Errorf("keys: got %s, want one that is revoked", keys.Body)
		}
	})
}

func TestAccountsComeInPages(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(refserver.Config) *double) {
		d := open(refserver.Config{})
		want := []string{"development"}
		for i := range 6 {
			name := fmt.Sprintf("account %d", i)
			want = append(want, name)
			created := must(d.CreateAccountWithResponse(t.Context(), management.NewAccount{Name: name}))(t)
			wantStatus(t, created.HTTPResponse, created.Body, http.StatusCreated)
		}
		var got []string
		params := &management.ListAccountsParams{Limit: new(3)}
		for pages := 1; ; pages++ {
			page := must(d.ListAccountsWithResponse(t.Context(), params))(t)
			wantStatus(t, page.HTTPResponse, page.Body, http.StatusOK)
			for _, a := range page.JSON200.Items {
				got = append(got, a.Name)
			}
			if params.Cursor = page.JSON200.NextCursor; params.Cursor == nil {
				if pages != 3 {
					t.Errorf("got %d pages, want 3", pages)
				}
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("accounts (-want +got):\n%s", diff)
		}
		for _, cursor := range []string{"!", "YQ", "LTE"} {
			page := must(d.ListAccountsWithResponse(t.Context(), &management.ListAccountsParams{Cursor: &cursor}))(t)
			wantStatus(t, page.HTTPResponse, page.Body, http.StatusBadRequest)
		}
	})
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	d := open(t, refserver.Config{})
	ctx := t.Context()
	wrong := client(t, d.ManageURL, token+"x")
	unknown := must(wrong.ListAccountsWithResponse(ctx, nil))(t)
	wantStatus(t, unknown.HTTPResponse, unknown.Body, http.StatusUnauthorized)

	bad := "ftp://example.com"
	for name, call := range map[string]struct {
		got  func() (*http.Response, []byte)
		want int
	}{
		"no such account": {func() (*http.Response, []byte) {
			r := must(d.GetAccountWithResponse(ctx, 999))(t)
			return r.HTTPResponse, r.Body
		}, http.StatusNotFound},
		"no name": {func() (*http.Response, []byte) {
			r := must(d.CreateAccountWithResponse(ctx, management.NewAccount{}))(t)
			return r.HTTPResponse, r.Body
		}, http.StatusBadRequest},
		"url that cannot be called": {func() (*http.Response, []byte) {
			r := must(d.CreateAccountWithResponse(ctx, management.NewAccount{Name: "a", EmergencyURL: &bad}))(t)
			return r.HTTPResponse, r.Body
		}, http.StatusBadRequest},
		"key of no account": {func() (*http.Response, []byte) {
			r := must(d.CreateKeyWithResponse(ctx, 999, management.NewKey{Label: "ci"}))(t)
			return r.HTTPResponse, r.Body
		}, http.StatusNotFound},
		"page that is too large": {func() (*http.Response, []byte) {
			r := must(d.ListAccountsWithResponse(ctx, &management.ListAccountsParams{Limit: new(501)}))(t)
			return r.HTTPResponse, r.Body
		}, http.StatusBadRequest},
		"knowledge of an AI that is not there": {func() (*http.Response, []byte) {
			r := must(d.CreateKnowledgeEntryWithResponse(ctx, 1, management.KnowledgeContent{Title: "a", Text: "b", AIID: new(int64(7))}))(t)
			return r.HTTPResponse, r.Body
		}, http.StatusBadRequest},
		"no such delivery": {func() (*http.Response, []byte) {
			r := must(d.ReplayDeliveryWithResponse(ctx, "dlv_none"))(t)
			return r.HTTPResponse, r.Body
		}, http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			response, body := call.got()
			wantStatus(t, response, body, call.want)
			if got := response.Header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("got %s, want application/problem+json", got)
			}
		})
	}
}
