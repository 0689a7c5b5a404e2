package maax

import (
	"github.com/parley-contracts/parley/client/internal/wire"
	"github.com/parley-contracts/parley/gen/common"
)

// Prospect is the person whose message is answered. Values given override
// those that the vendor has stored; empty ones are left out, but for the last
// name, which is sent empty when it is not known.
type Prospect struct {
	// FirstName is needed.
	FirstName string
	LastName  string
	Email     string
	// Phone is sent as text, so that leading zeros and the plus sign survive.
	Phone     string
	Instagram string
	Facebook  string
	// Intercom is a way to reach a prospect in V2 only.
	Intercom string
}

// fault says what the contract misses in a prospect, or "".
func (p *Prospect) fault(intercom bool) string {
	if p.FirstName == "" {
		return "Prospect.FirstName is empty: it is needed to describe a prospect"
	}
	if p.Email != "" || p.Phone != "" || p.Instagram != "" || p.Facebook != "" {
		return ""
	}
	switch {
	case intercom && p.Intercom == "":
		return "Prospect has no contact: give Email, Phone, Instagram, Facebook or Intercom"
	case !intercom:
		return "Prospect has no contact: give Email, Phone, Instagram or Facebook"
	}
	return ""
}

// wire is the generated form.
func (p *Prospect) wire() (*common.ProspectInfo, error) {
	if p == nil {
		return nil, nil
	}
	info := &common.ProspectInfo{
		FirstName: &p.FirstName,
		LastName:  &p.LastName,
		Email:     wire.Optional(p.Email),
		Instagram: wire.Optional(p.Instagram),
		Facebook:  wire.Optional(p.Facebook),
		Intercom:  wire.Optional(p.Intercom),
	}
	if p.Phone != "" {
		info.Phone = &common.Phone{}
		if err := info.Phone.FromPhoneText(p.Phone); err != nil {
			return nil, err
		}
	}
	return info, nil
}
