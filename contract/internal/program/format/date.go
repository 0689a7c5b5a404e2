package format

// Date is a full-date of RFC 3339, such as 2024-02-29.
func Date(b []byte) bool { return len(b) == 10 && datePrefix(b) }

// DateTime is a date-time of RFC 3339; a space in place of the T is refused.
func DateTime(b []byte) bool {
	return len(b) > 11 && datePrefix(b) && b[10]|0x20 == 't' && Time(b[11:])
}

// Time is a full-time of RFC 3339: a time of day with its offset. A leap
// second is one only at 23:59 UTC.
func Time(b []byte) bool {
	if len(b) < 9 || b[2] != ':' || b[5] != ':' {
		return false
	}
	hour, minute, second := two(b), two(b[3:]), two(b[6:])
	if hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 {
		return false
	}
	b = b[8:]
	if b[0] == '.' {
		n := 1
		for n < len(b) && isDigit(b[n]) {
			n++
		}
		if n == 1 {
			return false
		}
		b = b[n:]
	}
	offset, ok := offsetMinutes(b)
	if !ok {
		return false
	}
	if second < 60 {
		return true
	}
	const day = 24 * 60
	return (hour*60+minute-offset+day)%day == day-1
}

// offsetMinutes reads Z or a numeric offset to the end of b.
func offsetMinutes(b []byte) (int, bool) {
	if len(b) == 1 && b[0]|0x20 == 'z' {
		return 0, true
	}
	if len(b) != 6 || b[3] != ':' || (b[0] != '+' && b[0] != '-') {
		return 0, false
	}
	hour, minute := two(b[1:]), two(b[4:])
	if hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return 0, false
	}
	if b[0] == '-' {
		return -(hour*60 + minute), true
	}
	return hour*60 + minute, true
}

// datePrefix reads a full-date from the first ten bytes.
func datePrefix(b []byte) bool {
	if b[4] != '-' || b[7] != '-' {
		return false
	}
	century, rest, month, day := two(b), two(b[2:]), two(b[5:]), two(b[8:])
	if century < 0 || rest < 0 || month < 1 || month > 12 || day < 1 {
		return false
	}
	return day <= daysIn(century*100+rest, month)
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	default:
		return 31
	}
}

// two reads two decimal digits, -1 when they are none.
func two(b []byte) int {
	if !isDigit(b[0]) || !isDigit(b[1]) {
		return -1
	}
	return int(b[0]-'0')*10 + int(b[1]-'0')
}

// Duration is a duration of ISO 8601 as RFC 3339 appendix A gives it, such as
// P1DT2H or P4W.
func Duration(b []byte) bool {
	if len(b) < 3 || b[0] != 'P' {
		return false
	}
	b = b[1:]
	if b[len(b)-1] == 'W' {
		n := unit(b)
		return n > 0 && n == len(b)
	}
	rest, any, ok := units(b, "YMD")
	if !ok {
		return false
	}
	if len(rest) == 0 {
		return any
	}
	if rest[0] != 'T' {
		return false
	}
	rest, any, ok = units(rest[1:], "HMS")
	return ok && any && len(rest) == 0
}

// units reads amounts whose letters stand in order, none left out between two
// that are there.
func units(b []byte, letters string) (rest []byte, any, ok bool) {
	next := 0
	for len(b) > 0 && isDigit(b[0]) {
		n := unit(b)
		if n == 0 {
			return b, any, false
		}
		at := -1
		for i := next; i < len(letters); i++ {
			if letters[i] == b[n-1] {
				at = i
			}
		}
		if at < 0 || (any && at != next) {
			return b, any, false
		}
		next, any, b = at+1, true, b[n:]
	}
	return b, any, true
}

// unit is the length of one amount with its letter, 0 without one.
func unit(b []byte) int {
	n := 0
	for n < len(b) && isDigit(b[n]) {
		n++
	}
	if n == 0 || n == len(b) {
		return 0
	}
	return n + 1
}
