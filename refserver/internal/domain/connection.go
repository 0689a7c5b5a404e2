package domain

import "time"

// Connection is a link between the account and a provider of messages.
type Connection struct {
	ID                string        `json:"id" yaml:"id"`
	Name              string        `json:"name" yaml:"name"`
	Type              string        `json:"connectionType" yaml:"connectionType"`
	BusinessAccountID string        `json:"businessAccountId" yaml:"businessAccountId"`
	TokenStatus       string        `json:"tokenStatus" yaml:"tokenStatus"`
	PhoneNumbers      []PhoneNumber `json:"phoneNumbers" yaml:"phoneNumbers"`
	WebhookURL        string        `json:"webhookUrl" yaml:"webhookUrl"`
	CreatedAt         time.Time     `json:"createdAt" yaml:"createdAt"`
}

// PhoneNumber is a number of a connection.
type PhoneNumber struct {
	ID                 string `json:"id" yaml:"id"`
	DisplayPhoneNumber string `json:"displayPhoneNumber" yaml:"displayPhoneNumber"`
	VerifiedName       string `json:"verifiedName" yaml:"verifiedName"`
	QualityRating      string `json:"qualityRating" yaml:"qualityRating"`
}
