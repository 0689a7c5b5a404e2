package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http/httptest"

	"github.com/gin-gonic/gin"
)

// outgoingMessage is the V2 message as one would write it for Gin's binding.
type outgoingMessage struct {
	MessageContent  string       `json:"message_content" binding:"required,min=1,max=8000"`
	Platform        string       `json:"platform" binding:"required,oneof=website email sms"`
	AIID            int64        `json:"ai_id" binding:"required,min=1"`
	ProspectID      *int64       `json:"prospect_id" binding:"omitempty,min=1"`
	ProspectInfo    prospectInfo `json:"prospect_info" binding:"required"`
	ConversationID  *int64       `json:"conversation_id" binding:"omitempty,min=1"`
	OutputFormat    string       `json:"output_format" binding:"omitempty,oneof=plain_text"`
	ServiceType     string       `json:"service_type" binding:"required,oneof=customer_support_automation sales_automation"`
	SendResponseURL string       `json:"send_response_url" binding:"required,uri,max=2048"`
	FollowupURL     string       `json:"followup_url" binding:"required,uri,max=2048"`
}

type prospectInfo struct {
	FirstName string  `json:"first_name" binding:"required,min=1,max=100"`
	LastName  string  `json:"last_name" binding:"max=100"`
	Email     *string `json:"email" binding:"required_without_all=Phone Facebook Instagram Intercom,omitempty,email,max=254"`
	Phone     *string `json:"phone" binding:"omitempty,e164"`
	Facebook  *string `json:"facebook" binding:"omitempty,max=100"`
	Instagram *string `json:"instagram" binding:"omitempty,max=100"`
	Intercom  *string `json:"intercom" binding:"omitempty,max=100"`
}

// peers are other things that are done with a V2 message.
func (k *corpus) peers() ([]benchCase, error) {
	body, err := k.body("v2-valid")
	if err != nil {
		return nil, err
	}
	d, request := k.documents["convai"], ourRequest(v2Path, body)
	gin.SetMode(gin.ReleaseMode)
	bound, err := httpRequest(v2Path)
	if err != nil {
		return nil, err
	}
	reader := bytes.NewReader(body)
	context, _ := gin.CreateTestContext(httptest.NewRecorder())
	context.Request = bound
	return []benchCase{{name: "V2 POST, other work", size: len(body), field: []contestant{
		{name: "contract.CheckRequest", work: func() bool { return len(d.all.CheckRequest(request).Findings) == 0 }},
		{name: "encoding/json.Valid", work: func() bool { return json.Valid(body) }},
		{name: "encoding/json into a struct", goal: 2, work: func() bool {
			var m outgoingMessage
			return json.Unmarshal(body, &m) == nil
		}},
		{name: "Gin bind and validator tags", goal: 8, floor: 5.5, work: func() bool {
			var m outgoingMessage
			reader.Reset(body)
			bound.Body = io.NopCloser(reader)
			return context.ShouldBindJSON(&m) == nil
		}},
	}}}, nil
}
