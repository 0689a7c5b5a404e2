package contract_test

import (
	"testing"

	"github.com/parley-contracts/parley/contract"
)

func TestFingerprint(t *testing.T) {
	t.Parallel()
	shop := load(t, "shop.yaml", contract.Config{})
	one := thing(`{"name":"a","tags":["a",1]}`).check(shop).Findings
	other := thing(`{"name":"a","tags":["a","b",true]}`).check(shop).Findings
	if len(one) != 1 || len(other) != 1 {
		t.Fatalf("findings = %v and %v, want one each", one, other)
	}
	want := "schema-type|request|createThing|body /tags/*"
	if got := one[0].Fingerprint(); got != want || other[0].Fingerprint() != want {
		t.Errorf("fingerprints = %q and %q, want %q", got, other[0].Fingerprint(), want)
	}
}

func TestFindingString(t *testing.T) {
	t.Parallel()
	shop := load(t, "shop.yaml", contract.Config{})
	for body, want := range map[string]string{
		`{"name":""}`:                    "error schema-min-length createThing request body /name is shorter than 1 character (shop.yaml:93)",
		`{"name":"a","kind":"x"}`:        `error schema-enum createThing request body /kind must be one of "small", "large" (shop.yaml:98)`,
		`{"kind":"small"}`:               `error schema-required createThing request body lacks the required property "name" (shop.yaml:86)`,
		`{"name":"a","contact":{}}`:      `error schema-any-of createThing request body /contact fits none of the 2 alternatives; the nearest lacks the required property "phone" (shop.yaml:109)`,
		`{"name":"a","price":-0.5}`:      "error schema-minimum createThing request body /price is less than 0 (shop.yaml:101)",
		`{"name":"a","sealed":{}}`:       `error schema-required createThing request body /sealed lacks the required property "x" (shop.yaml:125)`,
		`{"name":"a","pet":{}}`:          `error schema-discriminator createThing request body /pet needs a property "type" that chooses one of the alternatives (shop.yaml:131)`,
		`{"name":"a","one":true}`:        "error schema-one-of createThing request body /one fits none of the 3 alternatives; the nearest asks for an integer (shop.yaml:113)",
		`{"name":"a","tags":{}}`:         "error schema-type createThing request body /tags must be an array (shop.yaml:103)",
		`{"name":"a","tags":["x","x"]}`:  "error schema-unique-items createThing request body /tags/1 is equal to an earlier item (shop.yaml:103)",
		`{"name":"a","makind":1}`:        `warning property-undeclared createThing request body /makind is a property that the contract does not declare; did you mean "kind"? (shop.yaml:84)`,
		`{"name":"a","Kind":"small"}`:    `error json-case-twin createThing request body /Kind differs only in case from the declared "kind", at offset 12 (shop.yaml:98)`,
		`{"name":"a","maybe":"x","y":1}`: "warning property-undeclared createThing request body /y is a property that the contract does not declare (shop.yaml:84)",
	} {
		r := thing(body).check(shop)
		if len(r.Findings) != 1 {
			t.Errorf("%s: findings = %v, want one", body, r.Findings)
			continue
		}
		if got := r.Findings[0].String(); got != want {
			t.Errorf("%s:\n got %s\nwant %s", body, got, want)
		}
	}
	unmatched := get("/nothing").check(shop).Findings[0].String()
	if want := "error path-unknown - request path fits no path of the contract (shop.yaml)"; unmatched != want {
		t.Errorf("got %s, want %s", unmatched, want)
	}
}
