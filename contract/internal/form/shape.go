package form

// Shape says what a value may be. Shapes may refer to themselves.
type Shape struct {
	Text, Number, Boolean, Null bool
	Array, Object               bool
	// Items is the shape of the items of an array, nil for any.
	Items *Shape
	// Members are the shapes of the properties that are declared.
	Members map[string]*Shape
	// Other is the shape of the others, nil for any.
	Other *Shape
}

// scalar reports whether the value may be something else than an array or an
// object.
func (s *Shape) scalar() bool {
	return s.Text || s.Number || s.Boolean || s.Null && !s.Array && !s.Object
}

// orAny is the shape, or that of any scalar.
func (s *Shape) orAny() *Shape {
	if s == nil {
		return &Shape{Text: true, Number: true, Boolean: true}
	}
	return s
}

func (s *Shape) items() *Shape { return s.Items.orAny() }

func (s *Shape) member(name string) *Shape {
	if m := s.Members[name]; m != nil {
		return m
	}
	return s.Other.orAny()
}

// without is the shape of an object without the members that another has too.
func (s *Shape) without(other *Shape) *Shape {
	left := *s
	left.Members = make(map[string]*Shape, len(s.Members))
	for name, member := range s.Members {
		if other.Members[name] == nil {
			left.Members[name] = member
		}
	}
	return &left
}
