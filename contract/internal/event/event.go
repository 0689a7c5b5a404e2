package event

// Kind is a way to write a stream of events.
type Kind int

// The kinds.
const (
	// ServerSent is text/event-stream.
	ServerSent Kind = iota + 1
	// Lines is a JSON text on each line; empty lines are no events.
	Lines
	// Sequence is application/json-seq: each JSON text follows a record
	// separator (0x1E) and ends with a line feed.
	Sequence
)

// Fault is what is wrong with an event as such.
type Fault int

// The faults. The zero value is none.
const (
	// Oversize is an event beyond the limit; its data is not there.
	Oversize Fault = iota + 1
	// Incomplete is an event that the stream ended within: no reader takes it
	// for whole. Its data is not there.
	Incomplete
	// Stray is text before the first event. It is reported once.
	Stray
)

// Event is one event.
type Event struct {
	// Index counts from 0; stray text has none of its own.
	Index int
	// Data is valid until the function it is given to returns.
	Data []byte
	// Name, ID and Retry are the other fields of a server-sent event as they
	// stood last; nil when they were not there.
	Name, ID, Retry *string
	Fault           Fault
}

// Splitter splits one stream. It is not safe for concurrent use.
type Splitter struct {
	format format
}

// format is how the events of a kind are told apart.
type format interface {
	write(p []byte)
	close()
}

// NewSplitter makes a splitter that hands each event to emit, from within Write
// and Close. limit is the longest event in bytes and must be above zero.
func NewSplitter(kind Kind, limit int, emit func(Event)) *Splitter {
	out := &output{limit: limit, emit: emit}
	switch kind {
	case ServerSent:
		return &Splitter{&serverSent{output: out}}
	case Sequence:
		return &Splitter{&sequence{output: out}}
	default:
		return &Splitter{&lines{output: out}}
	}
}

// Write takes the next bytes of the stream.
func (s *Splitter) Write(p []byte) { s.format.write(p) }

// Close says that the stream came to its end.
func (s *Splitter) Close() { s.format.close() }

// output gathers the bytes of an event and hands it on.
type output struct {
	limit int
	emit  func(Event)
	index int
	held  []byte
	over  bool
}

// add keeps bytes of the event, as long as there is room.
func (o *output) add(p []byte) {
	if o.over || len(o.held)+len(p) > o.limit {
		o.over = true
		o.held = o.held[:0]
		return
	}
	o.held = append(o.held, p...)
}

// send hands the event on and begins the next.
func (o *output) send(e Event) {
	e.Index = o.index
	switch {
	case o.over:
		e.Fault, e.Data = Oversize, nil
	case e.Fault != 0:
		e.Data = nil
	}
	if e.Fault != Stray {
		o.index++
	}
	o.emit(e)
	o.reset()
}

// maxSpare is the most memory that is kept from one event for the next.
const maxSpare = 64 << 10

func (o *output) reset() {
	o.held, o.over = o.held[:0], false
	if cap(o.held) > maxSpare {
		o.held = nil
	}
}
