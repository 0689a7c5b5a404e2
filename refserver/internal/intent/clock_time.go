package intent

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/olebedev/when"
	"github.com/olebedev/when/rules"
	"github.com/olebedev/when/rules/common"
	"github.com/olebedev/when/rules/en"
)

// maxPhraseBytes bounds what is searched for a time on one side of the verb.
const maxPhraseBytes = 300

// timeParser turns phrases into times. The library knows weekdays, dates, "in
// two hours" and "5 pm"; what people write besides is put into its terms
// first.
type timeParser struct{ library *when.Parser }

func newTimeParser() *timeParser {
	p := when.New(&rules.Options{Distance: 12, MatchByOrder: true, Morning: 9, Noon: 12, Afternoon: 15, Evening: 18})
	p.Add(en.All...)
	p.Add(common.All...)
	return &timeParser{p}
}

// parse finds the first time in a phrase, relative to sent. Should the library
// trip over what somebody wrote, there is no time in it.
func (p *timeParser) parse(phrase string, sent time.Time) (due time.Time, ok bool) {
	defer func() {
		if recover() != nil {
			due, ok = time.Time{}, false
		}
	}()
	if len(phrase) > maxPhraseBytes {
		phrase = phrase[:maxPhraseBytes]
	}
	phrase = rewrite(strings.ToLower(phrase), sent)
	found, err := p.library.Parse(phrase, sent)
	if err != nil || found == nil {
		return time.Time{}, false
	}
	due = found.Time
	if clockTime.MatchString(found.Text) {
		due = due.Truncate(time.Minute) // "at 5" does not mean the sender's second
	}
	if due.After(sent) || date.MatchString(found.Text) && !monthName.MatchString(found.Text) {
		return due, true
	}
	if monthName.MatchString(found.Text) { // this year's is over
		return due.AddDate(1, 0, 0), true
	}
	// An hour of today that is over: "at 8", written at noon, is tonight.
	if half := due.Add(12 * time.Hour); half.After(sent) && due.Hour() < 12 && half.Day() == sent.Day() && !strings.Contains(phrase, meridiemMark) {
		return half, true
	}
	return due.AddDate(0, 0, 1), true
}

var (
	clockTime = regexp.MustCompile(`\d{1,2}:\d\d|\d\s*[ap]\.?m|morning|noon|evening`)
	date      = regexp.MustCompile(`tomorrow|tmr|yesterday|today|tonight|last|day|week|month|year|\b(?:mon|tue|wed|thu|fri|sat|sun)|/|\bin\b|within|ago`)
	monthName = regexp.MustCompile(`\b(?:` + months + `)`)
	months    = `jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec`
)

// meridiemMark stands behind a time that was written with am or pm.
const meridiemMark = " \x01"

var (
	isoDate       = regexp.MustCompile(`\b(\d{4})-(\d{2})-(\d{2})\b`)
	now           = regexp.MustCompile(`\b(?:right )?now\b`)
	working       = regexp.MustCompile(`\b(in \w+ )(?:business|working) `)
	french        = regexp.MustCompile(`\bat (\d{1,2})h\b`)
	frenchMinutes = regexp.MustCompile(`\bat (\d{1,2})h(\d\d)\b`)
	dayOfMonth    = regexp.MustCompile(`\bon the (\d{1,2})(?:st|nd|rd|th)\b(?: (of|` + months + `))?`)
	dayAndMonth   = regexp.MustCompile(`\b(\d{1,2})/(\d{1,2})(/\d+)?\b`) // the library forgets a later month without a year
	dayAfter      = regexp.MustCompile(`\b(?:the )?day after tomorrow\b`)
	nextSpan      = regexp.MustCompile(`\bnext (week|month|year)\b`)
	aCouple       = regexp.MustCompile(`\bin (?:a couple(?: of)?|some|several)\b`)
	andAHalf      = regexp.MustCompile(`\bin (?:an?|one) (hour|day|week) and a half\b`)
	decimals      = regexp.MustCompile(`\bin (\d{1,3})[.,](\d) hours?\b`)
	longSpan      = regexp.MustCompile(`\bin (an?|\d{1,3}|` + spanWords + `) (month|year)s?\b`)
	largeWord     = regexp.MustCompile(`\b(fifteen|twenty|thirty|forty-five|forty five|forty|fifty|sixty|ninety)\b`)
	spanWords     = `one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve`
	midday        = regexp.MustCompile(`\bat (?:noon|midday)\b`)
	midnight      = regexp.MustCompile(`\bat midnight\b`)
	halfPast      = regexp.MustCompile(`\b(?:at )?half past (\d{1,2}|` + spanWords + `)\b`)
	quarter       = regexp.MustCompile(`\b(?:at )?(?:a )?quarter (past|to) (\d{1,2}|` + spanWords + `)\b`)
	meridiemed    = regexp.MustCompile(`\b(\d{1,2})(?:[:.](\d\d))?\s*([ap])\.?m\b\.?`)
	bareHour      = regexp.MustCompile(`\b(at|around|about|by|after|before|from|until)( about| around)? (\d{1,2}|` + spanWords + `)(?:[:.](\d\d))?(?: o'?clock| sharp)?(\s*[a-z]+|\s*%|\s*\d)?`)
	// ambiguous are names of days and months that are words too.
	ambiguous = regexp.MustCompile(`(\b(?:on|next|this|by|until|in|before|after|\d{1,2}(?:st|nd|rd|th)?(?: of)?)\s+)?\b(sun|sat|wed|mon|may|march|mar|jun|second|first|third)\b(\s+\d{1,2}\b)?`)
)

// rewrite puts a phrase into the library's terms.
func rewrite(s string, sent time.Time) string {
	s = isoDate.ReplaceAllString(s, "$3/$2/$1")
	s = dayAndMonth.ReplaceAllStringFunc(s, func(m string) string {
		part := dayAndMonth.FindStringSubmatch(m)
		if part[3] != "" {
			return m
		}
		day := time.Date(sent.Year(), time.Month(number(part[2])), number(part[1]), 0, 0, 0, 0, sent.Location())
		if !day.After(sent) {
			day = day.AddDate(1, 0, 0)
		}
		return day.Format("02/01/2006")
	})
	s = now.ReplaceAllString(s, " ")
	s = working.ReplaceAllString(s, "$1")
	s = french.ReplaceAllString(s, "at $1:00")
	s = frenchMinutes.ReplaceAllString(s, "at $1:$2")
	s = dayOfMonth.ReplaceAllStringFunc(s, func(m string) string {
		part := dayOfMonth.FindStringSubmatch(m)
		if part[2] != "" {
			return m
		}
		return nextDay(number(part[1]), sent).Format("02/01/2006") + " "
	})
	s = dayAfter.ReplaceAllString(s, "in 2 days")
	s = nextSpan.ReplaceAllString(s, "in 1 $1")
	s = aCouple.ReplaceAllString(s, "in 2")
	s = andAHalf.ReplaceAllStringFunc(s, func(m string) string {
		switch unit := andAHalf.FindStringSubmatch(m)[1]; unit {
		case "hour":
			return "in 90 minutes"
		case "day":
			return "in 36 hours"
		}
		return "in 252 hours"
	})
	s = decimals.ReplaceAllStringFunc(s, func(m string) string {
		part := decimals.FindStringSubmatch(m)
		return fmt.Sprintf("in %d minutes", number(part[1])*60+number(part[2])*6)
	})
	s = largeWord.ReplaceAllStringFunc(s, func(word string) string { return strconv.Itoa(largeNumber(word)) })
	s = longSpan.ReplaceAllStringFunc(s, func(m string) string {
		part := longSpan.FindStringSubmatch(m)
		due := sent.AddDate(0, number(part[1]), 0)
		if part[2] == "year" {
			due = sent.AddDate(number(part[1]), 0, 0)
		}
		return fmt.Sprintf("in %d days", int(due.Sub(sent).Round(24*time.Hour)/(24*time.Hour)))
	})
	s = strings.ReplaceAll(s, "tonight", "this evening")
	s = ambiguous.ReplaceAllStringFunc(s, func(m string) string {
		if part := ambiguous.FindStringSubmatch(m); part[1] == "" && part[3] == "" {
			return " "
		}
		return m
	})
	return rewriteHours(s)
}

// nextDay is the next day of that number after sent; numbers that no month has
// give some day of the month after.
func nextDay(number int, sent time.Time) time.Time {
	day := time.Date(sent.Year(), sent.Month(), number, 0, 0, 0, 0, sent.Location())
	if number <= sent.Day() {
		return day.AddDate(0, 1, 0)
	}
	return day
}

// rewriteHours writes every hour as 15:04.
func rewriteHours(s string) string {
	s = midday.ReplaceAllString(s, "at 12:00")
	s = midnight.ReplaceAllString(s, "at 23:59")
	pm := strings.Contains(s, "evening") || strings.Contains(s, "afternoon") || strings.Contains(s, "night")
	am := strings.Contains(s, "morning")
	s = halfPast.ReplaceAllStringFunc(s, func(m string) string {
		return "at " + hour(number(halfPast.FindStringSubmatch(m)[1]), 30, am, pm)
	})
	s = quarter.ReplaceAllStringFunc(s, func(m string) string {
		part := quarter.FindStringSubmatch(m)
		if part[1] == "to" {
			return "at " + hour(number(part[2])-1, 45, am, pm)
		}
		return "at " + hour(number(part[2]), 15, am, pm)
	})
	s = meridiemed.ReplaceAllStringFunc(s, func(m string) string {
		part := meridiemed.FindStringSubmatch(m)
		h := number(part[1]) % 12
		if part[3] == "p" {
			h += 12
		}
		return fmt.Sprintf("%02d:%02d%s", h, number(part[2]), meridiemMark)
	})
	return bareHour.ReplaceAllStringFunc(s, func(m string) string {
		part := bareHour.FindStringSubmatch(m)
		tail := strings.TrimSpace(part[5])
		h := number(part[3])
		if measured(tail) || h > 24 || part[4] == "" && h == 0 {
			return m
		}
		return fmt.Sprintf("at %s %s", hour(h, number(part[4]), am, pm), tail)
	})
}

// measured says whether the word behind a number makes it something else than
// an hour: "after 2 days", "about 5 euros".
func measured(word string) bool {
	switch word {
	case "", "on", "please", "tomorrow", "today", "in", "this", "next", "and", "or", "if", "to", "about", "with", "when", "so", "then", "for", "because",
		"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday":
		return false
	}
	return true
}

// hour is a time of day. Without a hint, 1 to 7 are in the afternoon: nobody
// wants to be written to at night.
func hour(h, minute int, am, pm bool) string {
	switch {
	case h > 12 || h == 12 && !am:
	case pm, !am && h >= 1 && h <= 7:
		h += 12
	}
	return fmt.Sprintf("%02d:%02d", min(max(h, 0), 23), min(minute, 59))
}

// number reads digits or a word up to twelve, and "a" and "an" as 1.
func number(word string) int {
	if n, err := strconv.Atoi(word); err == nil {
		return n
	}
	switch word {
	case "a", "an":
		return 1
	}
	for i, w := range strings.Split(spanWords, "|") {
		if w == word {
			return i + 1
		}
	}
	return 0
}

func largeNumber(word string) int {
	switch word {
	case "fifteen":
		return 15
	case "twenty":
		return 20
	case "thirty":
		return 30
	case "forty":
		return 40
	case "fifty":
		return 50
	case "sixty":
		return 60
	case "ninety":
		return 90
	}
	return 45
}
