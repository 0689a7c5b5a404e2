package maaxapi

import (
	"strconv"

	"github.com/parley-contracts/parley/gen/common"
	"github.com/parley-contracts/parley/refserver/internal/conversation"
	"github.com/parley-contracts/parley/refserver/internal/domain"
)

// prospectRef turns what a request says about a prospect into domain terms.
func prospectRef(id *int64, info *common.ProspectInfo) (conversation.ProspectRef, error) {
	ref := conversation.ProspectRef{ID: id}
	if info == nil {
		return ref, nil
	}
	phone, err := phoneText(info.Phone)
	if err != nil {
		return conversation.ProspectRef{}, err
	}
	ref.Info = &domain.ProspectInfo{
		FirstName: info.FirstName, LastName: info.LastName,
		Email: info.Email, Phone: phone,
		Facebook: info.Facebook, Instagram: info.Instagram, Intercom: info.Intercom,
	}
	return ref, nil
}

// phoneText is the phone as text; it is sent as a string or as a bare number.
func phoneText(phone *common.Phone) (*string, error) {
	if phone == nil {
		return nil, nil
	}
	if text, err := phone.AsPhoneText(); err == nil {
		return &text, nil
	}
	number, err := phone.AsPhoneNumber()
	if err != nil {
		return nil, &domain.Error{Code: domain.CodeInvalid, Message: "prospect_info.phone must be a string or an integer"}
	}
	text := strconv.FormatInt(number, 10)
	return &text, nil
}
