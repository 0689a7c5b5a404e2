package gosource_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/internal/ledger"
	"github.com/parley-contracts/parley/internal/ledger/gosource"
)

// checkout is a small one: a client, a server that is mounted and one that is
// not.
var checkout = map[string]string{
	"tools.go": `//go:build generate

package parley

//go:generate sh -c "cd gen/shop && tool -config cfg.yaml ../../api/openapi-shop.yaml"
//go:generate sh -c "cd gen/shop/ginserver && tool -config cfg.yaml ../../../api/openapi-shop.yaml"
//go:generate sh -c "cd gen/bank/ginserver && tool -config cfg.yaml ../../../api/openapi-bank.yaml"
`,
	"client/shop/client.go": `package shop

type Client struct{}

// Place places an order.
//
//contract:operation placeOrder
func (c *Client) Place() {}

// Again places it again.
//
//contract:operation placeOrder
func Again() {}

// Drop has no directive.
func (c *Client) Drop() {}
`,
	"client/shop/client_test.go": "package shop\n\n//contract:operation testOnly\nfunc test() {}\n",
	"gen/shop/ginserver/server.gen.go": `package ginserver

type ServerInterface interface {
	// Wrong is not strict
	// (GET /wrong)
	Wrong()
}

type StrictServerInterface interface {
	// PlaceOrder places
	// (POST /orders/{id})
	PlaceOrder()
}
`,
	"gen/bank/ginserver/server.gen.go": "package ginserver\n\ntype StrictServerInterface interface {\n\t// Pay pays\n\t// (PUT /pay)\n\tPay()\n}\n",
	"server/mount.go": `package server

import (
	bank "example.com/gen/bank/ginserver"
	shop "example.com/gen/shop/ginserver"
)

func MountShop() { shop.RegisterHandlersWithOptions(nil, nil) }

func MountBank() { bank.NewStrictHandler(nil) }

func hidden() { bank.RegisterHandlers(nil) }
`,
}

func TestRead(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, text := range checkout {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := gosource.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	want := ledger.Methods{
		Client: map[string][]string{"placeOrder": {"shop.Again", "shop.Client.Place"}},
		Server: map[string]map[string]string{
			"openapi-shop": {"POST /orders/{id}": "shop.PlaceOrder"},
			"openapi-bank": {"PUT /pay": "bank.Pay"},
		},
		Mount: map[string]string{"openapi-shop": "server.MountShop"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("methods (-want +got):\n%s", diff)
	}
}

// TestReadNothing says that a folder is not a checkout.
func TestReadNothing(t *testing.T) {
	t.Parallel()
	if _, err := gosource.Read(t.TempDir()); err == nil {
		t.Error("got no error for an empty folder")
	}
}
