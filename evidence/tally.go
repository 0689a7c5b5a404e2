package evidence

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/parley-contracts/parley/contract"
)

// Group is one disagreement and how often it came.
type Group struct {
	// Fingerprint that all findings of the group share.
	Fingerprint string `json:"fingerprint"`
	// Finding is the earliest of the group.
	Finding contract.Finding `json:"finding"`
	// Count of findings; one exchange may add several.
	Count int64 `json:"count"`
	// FirstSeen and LastSeen are times of exchanges.
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
	// Example is the ID of the earliest exchange.
	Example string `json:"example"`
}

// Accounts counts messages by how they were accounted for.
type Accounts map[contract.Account]int64

// Total is the sum of all accounts.
func (a Accounts) Total() int64 {
	var n int64
	for _, v := range a {
		n += v
	}
	return n
}

// Summary is a Tally at one moment.
type Summary struct {
	// Exchanges is how many were added; Failures how many had a Failure.
	Exchanges int64 `json:"exchanges"`
	Failures  int64 `json:"failures"`
	// Blocked counts the messages that the enforce mode refused.
	Blocked map[contract.Direction]int64 `json:"blocked,omitempty"`
	// Accounts are the denominators: every message once, by direction.
	Accounts map[contract.Direction]Accounts `json:"accounts"`
	// Groups are sorted: errors first, then by falling count, then by
	// fingerprint.
	Groups []Group `json:"groups"`
}

// Tally groups findings by fingerprint and counts the messages they were found
// among. The zero value is ready. It is safe for concurrent use, and a Keeper.
type Tally struct {
	mu        sync.Mutex
	exchanges int64
	failures  int64
	blocked   map[contract.Direction]int64
	accounts  map[contract.Direction]Accounts
	groups    map[string]*Group
}

// Add counts an exchange with the findings it carries.
func (t *Tally) Add(x Exchange) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.exchanges++
	if x.Failure != "" {
		t.failures++
	}
	if x.Blocked != "" {
		if t.blocked == nil {
			t.blocked = map[contract.Direction]int64{}
		}
		t.blocked[x.Blocked]++
	}
	t.account(x.RequestDirection(), x.Request.Account, 1)
	if x.Response != nil {
		t.account(x.ResponseDirection(), x.Response.Account, 1)
	}
	for _, f := range x.Findings {
		print := f.Fingerprint()
		t.merge(Group{Fingerprint: print, Finding: f, Count: 1, FirstSeen: x.Time, LastSeen: x.Time, Example: x.ID})
	}
}

// Keep is Add; a Tally can be a keeper of a Recorder.
func (t *Tally) Keep(x Exchange) error {
	t.Add(x)
	return nil
}

// Flush does nothing.
func (t *Tally) Flush() error { return nil }

// Merge adds what another tally counted, such as that of another node.
func (t *Tally) Merge(s Summary) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.exchanges += s.Exchanges
	t.failures += s.Failures
	for direction, n := range s.Blocked {
		if t.blocked == nil {
			t.blocked = map[contract.Direction]int64{}
		}
		t.blocked[direction] += n
	}
	for direction, accounts := range s.Accounts {
		for account, n := range accounts {
			t.account(direction, account, n)
		}
	}
	for _, g := range s.Groups {
		t.merge(g)
	}
}

// Summary returns what was counted so far; it shares nothing with the tally.
func (t *Tally) Summary() Summary {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := Summary{
		Exchanges: t.exchanges,
		Failures:  t.failures,
		Blocked:   maps.Clone(t.blocked),
		Accounts:  make(map[contract.Direction]Accounts, len(t.accounts)),
		Groups:    make([]Group, 0, len(t.groups)),
	}
	for direction, accounts := range t.accounts {
		s.Accounts[direction] = maps.Clone(accounts)
	}
	for _, g := range t.groups {
		s.Groups = append(s.Groups, *g)
	}
	slices.SortFunc(s.Groups, compareGroups)
	return s
}

// compareGroups puts errors first, then the frequent.
func compareGroups(a, b Group) int {
	return cmp.Or(
		cmp.Compare(severityRank(a.Finding.Severity), severityRank(b.Finding.Severity)),
		cmp.Compare(b.Count, a.Count),
		cmp.Compare(a.Fingerprint, b.Fingerprint),
	)
}

// severityRank orders severities, the worst first.
func severityRank(s contract.Severity) int {
	if s == contract.SeverityError {
		return 0
	}
	return 1
}

// account adds n messages to an account; the lock is held.
func (t *Tally) account(direction contract.Direction, account contract.Account, n int64) {
	if t.accounts == nil {
		t.accounts = map[contract.Direction]Accounts{}
	}
	if t.accounts[direction] == nil {
		t.accounts[direction] = Accounts{}
	}
	t.accounts[direction][account] += n
}

// merge adds a group to the one of the same fingerprint; the lock is held.
func (t *Tally) merge(g Group) {
	if t.groups == nil {
		t.groups = map[string]*Group{}
	}
	have := t.groups[g.Fingerprint]
	if have == nil {
		t.groups[g.Fingerprint] = &g
		return
	}
	have.Count += g.Count
	if g.FirstSeen.Before(have.FirstSeen) {
		have.FirstSeen, have.Finding, have.Example = g.FirstSeen, g.Finding, g.Example
	}
	if g.LastSeen.After(have.LastSeen) {
		have.LastSeen = g.LastSeen
	}
}
