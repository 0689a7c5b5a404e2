package event

import "bytes"

// lines is a JSON text on each line.
type lines struct{ *output }

func (l *lines) write(p []byte) {
	for {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			l.add(p)
			return
		}
		l.add(p[:i])
		l.end()
		p = p[i+1:]
	}
}

func (l *lines) end() {
	data := bytes.TrimSpace(l.held)
	if len(data) == 0 && !l.over {
		l.reset()
		return
	}
	l.send(Event{Data: data})
}

// close ends the last line: that its line feed is missing is usual.
func (l *lines) close() { l.end() }
