package domain

import "slices"

// Channel is where customers write to and agents answer from.
type Channel struct {
	// ID is the internal id; webhooks and the template search use it.
	ID string `json:"id" yaml:"id"`
	// Identifier is the external one that messages name, with Type.
	Identifier string      `json:"identifier" yaml:"identifier"`
	Type       ChannelType `json:"type" yaml:"type"`
	// DefaultAgentID answers where no other agent was chosen. It is always
	// allowed.
	DefaultAgentID string `json:"defaultAgentId" yaml:"defaultAgentId"`
	// AllowedAgentIDs are the other agents that sessions may have.
	AllowedAgentIDs []string `json:"allowedAgentIds" yaml:"allowedAgentIds"`
	// AgentKanbanConfigs name the board of an agent's sessions.
	AgentKanbanConfigs []AgentKanban `json:"agentKanbanConfigs" yaml:"agentKanbanConfigs"`
	// WebhookURL is told of messages; empty for nobody.
	WebhookURL string `json:"webhookUrl,omitempty" yaml:"webhookUrl,omitempty"`
	// WebhookSecret signs what WebhookURL is told. Empty means one that is
	// made.
	WebhookSecret string `json:"webhookSecret,omitempty" yaml:"webhookSecret,omitempty"`
	// ForwardIncoming tells WebhookURL of what customers and owners of phones
	// write too.
	ForwardIncoming bool `json:"forwardIncoming,omitempty" yaml:"forwardIncoming,omitempty"`
}

// AgentKanban says on which board an agent's sessions are.
type AgentKanban struct {
	AgentID  string `json:"agentId" yaml:"agentId"`
	KanbanID string `json:"kanbanId" yaml:"kanbanId"`
}

// ChannelType is what a channel is connected to.
type ChannelType string

// The channel types that have rules of their own.
const (
	// ChannelAPI is the type of a message that names none.
	ChannelAPI ChannelType = "api"
	// ChannelDevice is WhatsApp by a scanned code: the only one on whose
	// device somebody can write.
	ChannelDevice ChannelType = "whatsapp_no"
)

// Allows reports whether sessions of the channel may have the agent.
func (c Channel) Allows(agentID string) bool {
	return agentID == c.DefaultAgentID || slices.Contains(c.AllowedAgentIDs, agentID)
}

// KanbanOf is the board of an agent's sessions, empty when none is configured.
func (c Channel) KanbanOf(agentID string) string {
	for _, config := range c.AgentKanbanConfigs {
		if config.AgentID == agentID {
			return config.KanbanID
		}
	}
	return ""
}

// ErrUnknownChannel answers an identifier that no channel of that type has.
var ErrUnknownChannel = notFound("Channel not found")
