package ledger

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	yaml "github.com/oasdiff/yaml3"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/register"
)

// Books are what is balanced.
type Books struct {
	// FS holds the documents.
	FS fs.FS
	// Contracts are the names of the documents, without extension.
	Contracts []string
	// Inbound are those of them whose operations the vendor calls on the
	// integration: no client of ours calls these, and they need no errors.
	Inbound []string
	// Register holds the entries; nil for none.
	Register *register.Register
	// Fields are the documented fields.
	Fields []Group
	// Waivers are the accepted holes.
	Waivers []Waiver
	// Methods say who calls and who serves the operations.
	Methods Methods
}

// Ledger is the balance.
type Ledger struct {
	Operations []*Operation `json:"operations"`
	// Fields counts the documented facts that were looked up, Evidence every
	// x-evidence, Entries those of the register, Expressions the runtime
	// expressions of callbacks.
	Fields      int `json:"fields"`
	Evidence    int `json:"evidence"`
	Entries     int `json:"entries"`
	Expressions int `json:"expressions"`
	// Holes are what is missing and not waived; Waived are the waivers that hold.
	Holes  []Hole   `json:"holes"`
	Waived []Waiver `json:"waived"`
}

var (
	//go:embed fields.yaml
	fieldsFile []byte
	//go:embed waivers.yaml
	waiversFile []byte
)

// Embedded are the books of the contracts that come with the program.
func Embedded() (Books, error) {
	r, err := register.Load(api.FS)
	if err != nil {
		return Books{}, err
	}
	var fields struct {
		Groups []Group `yaml:"groups"`
	}
	if err := decode("fields.yaml", fieldsFile, &fields); err != nil {
		return Books{}, err
	}
	var waivers struct {
		Waivers []Waiver `yaml:"waivers"`
	}
	if err := decode("waivers.yaml", waiversFile, &waivers); err != nil {
		return Books{}, err
	}
	return Books{
		FS: api.FS, Contracts: []string{"openapi-v1", "openapi-v2", "openapi-maia", "callbacks"}, Inbound: []string{"callbacks"},
		Register: r, Fields: fields.Groups, Waivers: waivers.Waivers, Methods: methods(),
	}, nil
}

// decode reads a file strictly.
func decode(name string, data []byte, into any) error {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// balance is a ledger being made.
type balance struct {
	Books
	docs   documents
	ledger *Ledger
	holes  []Hole
	byID   map[string]*Operation
	seen   map[*yaml.Node]bool
	// documented are the schemas, parameters, headers and responses that the
	// documented fields lead to; linked are the entries that contracts name.
	documented map[*yaml.Node]bool
	linked     map[string]bool
}

// Balance makes the ledger. Its error says that a document cannot be read;
// whatever is missing in what can be read is a hole.
func Balance(books Books) (*Ledger, error) {
	b := &balance{
		Books: books, docs: documents{}, ledger: &Ledger{}, byID: map[string]*Operation{},
		seen: map[*yaml.Node]bool{}, documented: map[*yaml.Node]bool{}, linked: map[string]bool{},
	}
	for _, w := range books.Waivers {
		if w.Reason == "" {
			return nil, errors.New("waiver " + string(w.Kind) + " " + w.At + ": it has no reason")
		}
	}
	for _, name := range books.Contracts {
		if err := b.docs.read(books.FS, name+".yaml"); err != nil {
			return nil, err
		}
	}
	b.operations()
	for _, op := range b.ledger.Operations {
		b.checkOperation(op)
	}
	b.checkMounts()
	b.checkDirectives()
	b.checkFields()
	b.checkEvidence()
	b.checkRegister()
	b.ledger.Holes, b.ledger.Waived = settle(sortHoles(b.holes), books.Waivers)
	return b.ledger, nil
}

// checkMounts looks for the function that mounts each contract.
func (b *balance) checkMounts() {
	for _, name := range b.Contracts {
		if b.Methods.Mount[name] == "" {
			b.hole(KindServerMount, name, "no function of the package server mounts it")
		}
	}
}

// checkDirectives looks for client methods of operations that do not exist.
func (b *balance) checkDirectives() {
	for _, id := range slices.Sorted(maps.Keys(b.Methods.Client)) {
		if b.byID[id] == nil {
			for _, method := range b.Methods.Client[id] {
				b.hole(KindClientDirective, method, "there is no operation "+id)
			}
		}
	}
}

// inbound reports whether the vendor calls the operations of the contract.
func (b *balance) inbound(contract string) bool { return slices.Contains(b.Inbound, contract) }

// hole notes one.
func (b *balance) hole(kind Kind, at, detail string) {
	b.holes = append(b.holes, Hole{Kind: kind, At: at, Detail: detail})
}
