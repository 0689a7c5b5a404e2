package domain

import "strings"

// Prospect is a person whose messages are answered.
type Prospect struct {
	ID        int64
	AccountID int64
	ProspectDetails
}

// ProspectDetails is what is known about a prospect; unknown is empty.
type ProspectDetails struct {
	FirstName string
	LastName  string
	Email     string
	Phone     string
	Facebook  string
	Instagram string
	Intercom  string
}

// ProspectInfo is what a request says about a prospect. A nil member was not
// sent; an empty one was, and clears what is stored.
type ProspectInfo struct {
	FirstName *string
	LastName  *string
	Email     *string
	Phone     *string
	Facebook  *string
	Instagram *string
	Intercom  *string
}

// Merge returns d with every member that info names overridden.
func (d ProspectDetails) Merge(info ProspectInfo) ProspectDetails {
	override := func(old string, sent *string) string {
		if sent == nil {
			return old
		}
		return strings.TrimSpace(*sent)
	}
	return ProspectDetails{
		FirstName: override(d.FirstName, info.FirstName),
		LastName:  override(d.LastName, info.LastName),
		Email:     override(d.Email, info.Email),
		Phone:     override(d.Phone, info.Phone),
		Facebook:  override(d.Facebook, info.Facebook),
		Instagram: override(d.Instagram, info.Instagram),
		Intercom:  override(d.Intercom, info.Intercom),
	}
}

// Version is the version of the MAAX API that a request came through; the two
// differ in their rules for prospects and in the default output format.
type Version int

// The versions.
const (
	V1 Version = 1
	V2 Version = 2
)

// Check reports what is missing from info under the rule of version: V1 wants
// a first and a last name, the last one possibly empty, and a way to reach the
// prospect; V2 wants a first name and a way to reach the prospect, and counts
// Intercom as one.
func (info ProspectInfo) Check(version Version) error {
	if info.FirstName == nil {
		return invalid("prospect_info.first_name is required")
	}
	if version == V1 && info.LastName == nil {
		return invalid("prospect_info.last_name is required, an empty string when it is not known")
	}
	contacts := []*string{info.Email, info.Phone, info.Facebook, info.Instagram}
	if version == V2 {
		contacts = append(contacts, info.Intercom)
	}
	for _, contact := range contacts {
		if contact != nil && strings.TrimSpace(*contact) != "" {
			return nil
		}
	}
	return invalid("prospect_info needs at least one way to reach the prospect")
}

// EmailKey returns the form of an e-mail address under which prospects are
// matched: trimmed and lower case. Empty matches nobody.
func EmailKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// PhoneKey returns the form of a phone number under which prospects are
// matched: its digits, without an international prefix written as 00. So
// "+1 555 0100", "001-555-0100" and the bare number 15550100 are the same
// phone. Empty matches nobody.
func PhoneKey(phone string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, phone)
	return strings.TrimPrefix(digits, "00")
}

// CheckProspectOwner reports whether account may use the prospect.
func CheckProspectOwner(account Account, prospect Prospect) error {
	if prospect.AccountID != account.ID {
		return forbidden("prospect_id belongs to another company")
	}
	return nil
}

// ErrUnknownProspect answers a prospect_id that was never given out. It is
// invalid input, not forbidden: the documentation keeps 403 for objects of
// another company.
var ErrUnknownProspect = invalid("prospect_id is not known")

// ErrNoProspect answers a message from which nobody can be told.
var ErrNoProspect = invalid("prospect_id, prospect_info or conversation_id is required")
