package event

import "bytes"

const recordSeparator = 0x1e

// sequence is a JSON text sequence (RFC 7464).
type sequence struct {
	*output
	begun, strayed bool
}

func (s *sequence) write(p []byte) {
	for {
		i := bytes.IndexByte(p, recordSeparator)
		if i < 0 {
			s.add(p)
			return
		}
		s.add(p[:i])
		s.end()
		s.begun = true
		p = p[i+1:]
	}
}

// end ends a record. Empty ones are to be passed over.
func (s *sequence) end() {
	data := bytes.TrimSpace(s.held)
	switch {
	case len(data) == 0 && !s.over:
		s.reset()
	case !s.begun:
		if s.over = false; !s.strayed {
			s.strayed = true
			s.send(Event{Fault: Stray})
		}
		s.reset()
	case !s.over && cut(s.held):
		s.send(Event{Fault: Incomplete})
	default:
		s.send(Event{Data: data})
	}
}

// cut reports a record that may have lost its end: without the line feed a
// number or a name at the top may go on.
func cut(record []byte) bool {
	last := record[len(record)-1]
	return last >= '0' && last <= '9' || last >= 'a' && last <= 'z'
}

func (s *sequence) close() { s.end() }
