package domain

import (
	"errors"
	"fmt"
	"io"
)

// Setup is what an account of MAIA has set up in the dashboard. It is stored and
// read as a whole.
type Setup struct {
	Agents      []Agent      `json:"agents" yaml:"agents"`
	Kanbans     []Kanban     `json:"kanbans" yaml:"kanbans"`
	Channels    []Channel    `json:"channels" yaml:"channels"`
	Connections []Connection `json:"connections" yaml:"connections"`
	Templates   []Template   `json:"templates" yaml:"templates"`
	Webhooks    []Webhook    `json:"webhooks" yaml:"webhooks"`
}

// Channel returns the channel that messages name so.
func (s Setup) Channel(identifier string, kind ChannelType) (Channel, error) {
	if kind == "" {
		kind = ChannelAPI
	}
	for _, c := range s.Channels {
		if c.Identifier == identifier && c.Type == kind {
			return c, nil
		}
	}
	return Channel{}, ErrUnknownChannel
}

// ChannelByID returns the channel of that internal id.
func (s Setup) ChannelByID(id string) (Channel, bool) {
	for _, c := range s.Channels {
		if c.ID == id {
			return c, true
		}
	}
	return Channel{}, false
}

// Agent returns the agent of that id.
func (s Setup) Agent(id string) (Agent, bool) {
	for _, a := range s.Agents {
		if a.ID == id {
			return a, true
		}
	}
	return Agent{}, false
}

// Kanban returns the board of that id.
func (s Setup) Kanban(id string) (Kanban, error) {
	for _, k := range s.Kanbans {
		if k.ID == id {
			return k, nil
		}
	}
	return Kanban{}, notFound("Kanban not found")
}

// DefaultKanbanID is the board where sessions land that no rule leads to
// another, empty for none.
func (s Setup) DefaultKanbanID() string {
	for _, k := range s.Kanbans {
		if k.IsDefault {
			return k.ID
		}
	}
	return ""
}

func (s Setup) agentName(id string) string {
	if a, ok := s.Agent(id); ok && a.Name != "" {
		return a.Name
	}
	return id
}

func (s Setup) kanbanName(id string) string {
	if k, err := s.Kanban(id); err == nil && k.Name != "" {
		return k.Name
	}
	return id
}

// Check reports references that lead nowhere and ids that are missing or there
// twice. The URLs of webhooks are checked by the given function.
func (s Setup) Check(checkURL func(string) error) error {
	known := map[string]bool{}
	unique := func(kind, id string) error {
		switch key := kind + " " + id; {
		case id == "":
			return fmt.Errorf("%s without an id", kind)
		case known[key]:
			return fmt.Errorf("%s %s: there twice", kind, id)
		default:
			known[key] = true
			return nil
		}
	}
	var errs []error
	for _, a := range s.Agents {
		errs = append(errs, unique("agent", a.ID))
	}
	for _, k := range s.Kanbans {
		errs = append(errs, unique("kanban", k.ID))
	}
	for _, c := range s.Channels {
		errs = append(errs, unique("channel", c.ID), unique("identifier of type "+string(c.Type), c.Identifier), s.checkChannel(c, checkURL))
	}
	for _, c := range s.Connections {
		errs = append(errs, unique("connection", c.ID))
	}
	for _, w := range s.Webhooks {
		errs = append(errs, unique("webhook", w.ID))
		if err := checkURL(w.URL); err != nil {
			errs = append(errs, fmt.Errorf("webhook %s: %w", w.ID, err))
		}
	}
	for _, t := range s.Templates {
		if !known["channel "+t.ChannelID] {
			errs = append(errs, fmt.Errorf("template %s: channel %q does not exist", t.Name, t.ChannelID))
		}
	}
	return errors.Join(errs...)
}

func (s Setup) checkChannel(c Channel, checkURL func(string) error) error {
	agents := append([]string{c.DefaultAgentID}, c.AllowedAgentIDs...)
	for _, config := range c.AgentKanbanConfigs {
		agents = append(agents, config.AgentID)
		if _, err := s.Kanban(config.KanbanID); err != nil {
			return fmt.Errorf("channel %s: kanban %q does not exist", c.ID, config.KanbanID)
		}
	}
	for _, id := range agents {
		if _, ok := s.Agent(id); !ok {
			return fmt.Errorf("channel %s: agent %q does not exist", c.ID, id)
		}
	}
	if c.WebhookURL == "" {
		return nil
	}
	if err := checkURL(c.WebhookURL); err != nil {
		return fmt.Errorf("channel %s: webhook: %w", c.ID, err)
	}
	return nil
}

// WithSecrets returns the setup with a secret for every channel and webhook
// that has none: the one it had before, else a new one.
func (s Setup) WithSecrets(before Setup, random io.Reader) (Setup, error) {
	had := map[string]string{}
	for _, c := range before.Channels {
		had["channel "+c.ID] = c.WebhookSecret
	}
	for _, w := range before.Webhooks {
		had["webhook "+w.ID] = w.Secret
	}
	fill := func(secret *string, key string) (err error) {
		if *secret == "" {
			*secret = had[key]
		}
		if *secret == "" {
			*secret, err = NewSecret(random)
		}
		return err
	}
	s.Channels = append([]Channel(nil), s.Channels...)
	for i := range s.Channels {
		if err := fill(&s.Channels[i].WebhookSecret, "channel "+s.Channels[i].ID); err != nil {
			return Setup{}, err
		}
	}
	s.Webhooks = append([]Webhook(nil), s.Webhooks...)
	for i := range s.Webhooks {
		if err := fill(&s.Webhooks[i].Secret, "webhook "+s.Webhooks[i].ID); err != nil {
			return Setup{}, err
		}
	}
	return s, nil
}
