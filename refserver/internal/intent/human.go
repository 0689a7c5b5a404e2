package intent

import "regexp"

// A person is asked for by words that mean nothing else, by words for staff
// together with a verb of talking, or by turning a machine away. A sentence is
// never crossed.
var (
	personPattern = regexp.MustCompile(`(?i)\b(?:want|need|like|prefer|get|give|have|talk|talking|speak|speaking|chat|connect|put|transfer|reach|contact|escalate|find|is there)\b[^.!?\n]{0,40}\b(?:` + persons + `)\b`)
	staffPattern  = regexp.MustCompile(`(?i)\b(?:talk|talking|speak|speaking|chat|connect me|put me through|transfer me|hand me over|pass me on|escalate(?: this| it)?)\s+(?:to|with)\b[^.!?\n]{0,25}\b(?:` + staff + `)\b`)
	callPattern   = regexp.MustCompile(`(?i)\b(?:can|could|would|will|have|let|ask)\s+(?:someone|somebody|anyone|anybody|one of your (?:people|team|colleagues)|an? (?:person|colleague|agent|representative|manager))\b[^.!?\n]{0,15}\b(?:call|phone|ring|contact)\b`)
	talkPattern   = regexp.MustCompile(`(?i)\b(?:want|need|like|get|find|is there|have)\s+(?:an? |some)(?:person|one|body|agent|colleague)\b[^.!?\n]{0,15}\b(?:talk|speak|chat)\s+(?:to|with)\b`)
	alonePattern  = regexp.MustCompile(`(?i)^\W*(?:` + persons + `|agent|representative|operator)(?:\W+(?:please|now))*\W*$`)
	machineless   = regexp.MustCompile(`(?i)\b(?:don'?t|do not|won'?t|not going to|tired of|sick of|stop|rather not|instead of|no more)\b[^.!?\n]{0,30}\b(?:bots?|robots?|machines?|chatbots?|computers?|a\.?i\.?)\b`)

	persons = `human(?: being| agent| person| operator)?|(?:real|actual|live|living) (?:person|human|people|agent|operator)|(?:some(?:one|body)) (?:real|human)|person of flesh`
	staff   = `person|someone|somebody|agent|representative|rep|operator|manager|supervisor|colleague|employee|member of (?:your )?staff|your (?:team|staff)|customer (?:service|support)`

	// unwanted stands before what is not wanted.
	unwanted = regexp.MustCompile(`(?i)\b(?:don'?t|do not|didn'?t|no need|needn'?t|without|rather not|not have)\b[^.!?\n]{0,25}$`)
)

// HumanWanted reports whether the message asks for a person.
func HumanWanted(text string) bool {
	text = plain(beginning(text))
	if alonePattern.MatchString(text) || machineless.MatchString(text) {
		return true
	}
	for _, pattern := range []*regexp.Regexp{personPattern, staffPattern, callPattern, talkPattern} {
		for _, at := range pattern.FindAllStringIndex(text, -1) {
			if !unwanted.MatchString(before(text, at[0])) {
				return true
			}
		}
	}
	return false
}
