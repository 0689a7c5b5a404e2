package event

import "bytes"

// byteOrderMark may stand at the beginning of a stream.
var byteOrderMark = []byte("\xef\xbb\xbf")

// serverSent is text/event-stream as the HTML standard has it.
type serverSent struct {
	*output
	// line is the line that is not at its end; lineOver says that the rest of
	// it does not matter or does not fit.
	line     []byte
	lineOver bool
	// returned says that the last byte was a carriage return: a line feed after
	// it ends no other line.
	returned bool
	started  bool
	hasData  bool
	event    Event
}

func (s *serverSent) write(p []byte) {
	for len(p) > 0 {
		if s.returned {
			s.returned = false
			if p[0] == '\n' {
				p = p[1:]
				continue
			}
		}
		i := bytes.IndexAny(p, "\r\n")
		if i < 0 {
			s.addLine(p)
			return
		}
		s.addLine(p[:i])
		s.returned = p[i] == '\r'
		s.endLine()
		p = p[i+1:]
	}
}

// fieldRoom is what a line may be longer than the event's data.
const fieldRoom = 64

func (s *serverSent) addLine(p []byte) {
	switch {
	case s.lineOver || len(p) == 0:
	case len(s.line)+len(p) <= s.limit+fieldRoom:
		s.line = append(s.line, p...)
	default:
		s.lineOver = true
		if first := append(s.line, p...)[0]; first != ':' {
			s.over, s.hasData = true, true // a comment of any length is none
		}
		s.line = nil
	}
}

// endLine takes a line.
func (s *serverSent) endLine() {
	line := s.line
	if !s.started {
		s.started = true
		line = bytes.TrimPrefix(line, byteOrderMark)
	}
	switch {
	case s.lineOver:
	case len(line) == 0:
		s.dispatch(0)
	default:
		s.field(line)
	}
	s.line, s.lineOver = s.line[:0], false
	if cap(s.line) > maxSpare {
		s.line = nil
	}
}

func (s *serverSent) field(line []byte) {
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(name) {
	case "data":
		if s.hasData {
			s.add([]byte("\n"))
		}
		s.hasData = true
		s.add(value)
	case "event":
		s.event.Name = text(value)
	case "id":
		if bytes.IndexByte(value, 0) < 0 {
			s.event.ID = text(value)
		}
	case "retry":
		s.event.Retry = text(value)
	}
}

func text(b []byte) *string {
	t := string(b)
	return &t
}

// dispatch ends an event. One without data is none.
func (s *serverSent) dispatch(fault Fault) {
	if s.hasData {
		s.event.Data, s.event.Fault = s.held, fault
		s.send(s.event)
	}
	s.reset()
	s.event, s.hasData = Event{}, false
}

// close drops the event that no empty line ended, as every reader does.
func (s *serverSent) close() {
	if len(s.line) > 0 {
		s.endLine()
	}
	s.dispatch(Incomplete)
}
