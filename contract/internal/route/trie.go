package route

import (
	"fmt"
	"slices"
	"strings"
)

// MaxParams is the most parameters that one template may have.
const MaxParams = 32

// Route is one method of one path template.
type Route struct {
	// Method is upper case.
	Method string
	// Template is the path template, such as "/a/{id}/".
	Template string
	// Rest is the name of a parameter that takes all that is left of the path,
	// slashes included; it must be the whole last segment of the template.
	// Empty for none. A template without one is preferred.
	Rest string
}

// Span is a half-open range of bytes of the path.
type Span struct{ Start, End int }

// Spans holds the parameters of a match without allocating.
type Spans struct {
	at [MaxParams]Span
	n  int
}

// All are the spans found, in the template's order.
func (s *Spans) All() []Span { return s.at[:s.n] }

// Kind is the outcome of a look-up, best first.
type Kind int

// The outcomes.
const (
	// Found is a clean match.
	Found Kind = iota
	// Slash is a match of a template that differs only in the trailing slash.
	Slash
	// Method is a path that has other methods.
	Method
	// None is an unknown path.
	None
)

// Hit is the outcome of a look-up.
type Hit struct {
	Kind Kind
	// Index is the route's index in the list the trie was made of; -1 when none
	// matched.
	Index int
	// Names are the parameters of the template, in its order.
	Names []string
	// Allowed are the methods that the path has, with Method; sorted.
	Allowed []string
}

// Conflict reports two routes that no call could tell apart.
type Conflict struct {
	// First and Second are indexes into the list of routes.
	First, Second int
	// Why is the reason, such as "the same path".
	Why string
}

// Error names neither template: the caller knows them by index.
func (c *Conflict) Error() string {
	return fmt.Sprintf("route %d conflicts with route %d: %s", c.Second, c.First, c.Why)
}

// Invalid reports a template that cannot be read.
type Invalid struct {
	// Index of the route.
	Index int
	Err   error
}

// Error says what is wrong with the template.
func (i *Invalid) Error() string { return i.Err.Error() }

// Unwrap is the cause.
func (i *Invalid) Unwrap() error { return i.Err }

// Trie is an immutable set of routes, safe for concurrent use.
type Trie struct {
	root node
}

type node struct {
	literal   map[string]*node
	templates []*branch
	// rest takes all that is left of the path; nil for none.
	rest *node
	// leaf[0] is the path without a trailing slash, leaf[1] with one.
	leaf [2]*leaf
}

type branch struct {
	segment *segment
	node    *node
}

type leaf struct {
	template string
	first    int
	names    []string
	methods  []method
	allowed  []string
}

type method struct {
	name  string
	index int
}

func (l *leaf) find(name string) int {
	if l == nil {
		return -1
	}
	for i := range l.methods {
		if l.methods[i].name == name {
			return l.methods[i].index
		}
	}
	return -1
}

// New builds a trie. It fails with *Conflict when two templates match the same
// paths, and with *Invalid when a template cannot be read.
func New(routes []Route) (*Trie, error) {
	t := &Trie{}
	for i, r := range routes {
		if err := t.add(i, r); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *Trie) add(index int, r Route) error {
	rest, ok := strings.CutPrefix(r.Template, "/")
	if !ok {
		return &Invalid{Index: index, Err: fmt.Errorf("path template %q does not begin with a slash", r.Template)}
	}
	slash := 0
	if rest == "" || strings.HasSuffix(rest, "/") {
		slash, rest = 1, strings.TrimSuffix(rest, "/")
	}
	n := &t.root
	var names []string
	for rest != "" {
		text, after, _ := strings.Cut(rest, "/")
		seg, err := parseSegment(text)
		if err != nil {
			return &Invalid{Index: index, Err: fmt.Errorf("path template %q: %w", r.Template, err)}
		}
		if seg != nil {
			names = append(names, seg.names...)
		}
		if rest = after; rest == "" && r.Rest != "" {
			if text != "{"+r.Rest+"}" {
				return &Invalid{Index: index, Err: fmt.Errorf("path template %q: the parameter %q takes the rest of the path, so it must be the whole last segment", r.Template, r.Rest)}
			}
			if n.rest == nil {
				n.rest = &node{}
			}
			n = n.rest
			break
		}
		n = n.child(text, seg)
	}
	if len(names) > MaxParams {
		return &Invalid{Index: index, Err: fmt.Errorf("path template %q has more than %d parameters", r.Template, MaxParams)}
	}
	return n.put(slash, index, r, names)
}

func (n *node) child(text string, seg *segment) *node {
	if seg == nil {
		if n.literal == nil {
			n.literal = make(map[string]*node)
		}
		next := n.literal[text]
		if next == nil {
			next = &node{}
			n.literal[text] = next
		}
		return next
	}
	key := seg.key()
	for _, b := range n.templates {
		if b.segment.key() == key {
			return b.node
		}
	}
	b := &branch{segment: seg, node: &node{}}
	n.templates = append(n.templates, b)
	slices.SortStableFunc(n.templates, func(a, b *branch) int { return b.segment.fixed() - a.segment.fixed() })
	return b.node
}

func (n *node) put(slash, index int, r Route, names []string) error {
	l := n.leaf[slash]
	if l == nil {
		l = &leaf{template: r.Template, first: index, names: names}
		n.leaf[slash] = l
	}
	if l.template != r.Template {
		return &Conflict{First: l.first, Second: index, Why: "their path templates differ only in the names of parameters"}
	}
	if at := l.find(r.Method); at >= 0 {
		return &Conflict{First: at, Second: index, Why: "the same method and path template"}
	}
	l.methods = append(l.methods, method{name: r.Method, index: index})
	l.allowed = append(l.allowed, r.Method)
	slices.Sort(l.allowed)
	return nil
}

// search is the state of one look-up; it lives on the caller's stack.
type search struct {
	method string
	path   string
	slash  int
	// second best, kept while the search goes on
	slashLeaf  *leaf
	slashIndex int
	slashSpans Spans
	methodLeaf *leaf
}

// Find looks a raw path up. The parameters' spans are left in spans, which
// must be empty. It does not allocate.
func (t *Trie) Find(methodName, path string, spans *Spans) Hit {
	if path == "" || path[0] != '/' {
		return Hit{Kind: None, Index: -1}
	}
	s := search{method: methodName, path: path}
	start, end := 1, len(path)
	if len(path) == 1 || path[end-1] == '/' {
		s.slash = 1
		end = max(start, end-1)
	}
	if l, index := t.root.find(&s, start, end, start == len(path), spans); l != nil {
		return Hit{Kind: Found, Index: index, Names: l.names}
	}
	switch {
	case s.slashLeaf != nil:
		*spans = s.slashSpans
		return Hit{Kind: Slash, Index: s.slashIndex, Names: s.slashLeaf.names}
	case s.methodLeaf != nil:
		spans.n = 0
		return Hit{Kind: Method, Index: -1, Allowed: s.methodLeaf.allowed}
	default:
		spans.n = 0
		return Hit{Kind: None, Index: -1}
	}
}

// find walks the segments of path[start:end]; done says that none is left.
func (n *node) find(s *search, start, end int, done bool, spans *Spans) (*leaf, int) {
	if done {
		return n.arrive(s, spans)
	}
	stop := strings.IndexByte(s.path[start:end], '/')
	next, last := end, true
	if stop >= 0 {
		next, last = start+stop, false
	}
	text := s.path[start:next]
	if child := n.literal[text]; child != nil {
		if l, index := child.find(s, next+1, end, last, spans); l != nil {
			return l, index
		}
	}
	for _, b := range n.templates {
		before := spans.n
		if b.segment.match(text, start, spans) {
			if l, index := b.node.find(s, next+1, end, last, spans); l != nil {
				return l, index
			}
		}
		spans.n = before
	}
	if n.rest == nil || start == end || spans.n == MaxParams {
		return nil, -1
	}
	spans.at[spans.n] = Span{Start: start, End: end}
	spans.n++
	l, index := n.rest.arrive(s, spans)
	if l == nil {
		spans.n--
	}
	return l, index
}

// arrive decides at the end of the path, keeping what is second best.
func (n *node) arrive(s *search, spans *Spans) (*leaf, int) {
	here, other := n.leaf[s.slash], n.leaf[1-s.slash]
	if index := here.find(s.method); index >= 0 {
		return here, index
	}
	if here != nil && s.methodLeaf == nil {
		s.methodLeaf = here
	}
	if index := other.find(s.method); index >= 0 && s.slashLeaf == nil {
		s.slashLeaf, s.slashIndex, s.slashSpans = other, index, *spans
	}
	return nil, -1
}
