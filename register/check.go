package register

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

var (
	entryID   = regexp.MustCompile(`^[A-Z]-[0-9]{2}$`)
	readingID = regexp.MustCompile(`^[a-z]$`)
	place     = regexp.MustCompile(`^[a-z0-9-]+\.yaml#(/[^/]+)+$`)
)

// check reports everything that is wrong with the entries.
func check(entries []Entry) error {
	if len(entries) == 0 {
		return errors.New("there are no entries")
	}
	var problems []error
	seen := make(map[string]bool, len(entries))
	for i := range entries {
		e := &entries[i]
		if seen[e.ID] {
			problems = append(problems, fmt.Errorf("entry %s: its id is used twice", e.ID))
		}
		seen[e.ID] = true
		for _, problem := range checkEntry(e) {
			problems = append(problems, fmt.Errorf("entry %q: %s", e.ID, problem))
		}
	}
	return errors.Join(problems...)
}

// checkEntry lists what is wrong with one entry.
func checkEntry(e *Entry) []string {
	var problems []string
	complain := func(wrong bool, text string) {
		if wrong {
			problems = append(problems, text)
		}
	}
	complain(!entryID.MatchString(e.ID), "its id is not of the form A-01")
	complain(len(e.Contracts) == 0, "it names no contract")
	complain(len(e.Pointers) == 0, "it points at nothing")
	for _, p := range e.Pointers {
		complain(!place.MatchString(p), fmt.Sprintf("pointer %q is not of the form file.yaml#/pointer", p))
	}
	complain(!strings.Contains(e.Question, "?"), "its question asks nothing")
	complain(e.SettledBy == "", "it does not say what settles it")
	complain(len(e.Readings) < 2, "it has fewer than two readings")
	taken, probes := 0, 0
	ids := map[string]bool{}
	for i := range e.Readings {
		r := &e.Readings[i]
		complain(ids[r.ID], fmt.Sprintf("reading %q is there twice", r.ID))
		ids[r.ID] = true
		if r.Taken {
			taken++
		}
		if r.Probe != (Probe{}) {
			probes++
		}
		problems = append(problems, checkReading(e.ID, r)...)
	}
	complain(taken != 1, fmt.Sprintf("%d readings are taken, want one", taken))
	complain(e.Unsettleable == "" && probes == 0, "it has no probe; write why it is unsettleable")
	complain(e.Unsettleable != "" && probes > 0, "it has a probe although it is unsettleable")
	return problems
}

// checkReading lists what is wrong with one reading of the entry.
func checkReading(entry string, r *Reading) []string {
	var problems []string
	complain := func(wrong bool, text string) {
		if wrong {
			problems = append(problems, fmt.Sprintf("reading %q: %s", r.ID, text))
		}
	}
	complain(!readingID.MatchString(r.ID), "its id is not a letter")
	complain(r.Text == "", "it has no text")
	complain(r.Taken && r.Why == "", "it does not say why it is taken")
	complain(!r.Taken && r.Why != "", "only a taken reading says why")
	complain(r.Taken && r.Overlay != "", "the taken reading is the contract, it has no overlay")
	complain(r.Overlay != "" && r.Overlay != "readings/"+entry+"-"+r.ID+".yaml", fmt.Sprintf("overlay %q is not named after it", r.Overlay))
	return problems
}
