package program

// types is a set of JSON types, whole numbers being told from others.
type types uint8

const (
	tNull types = 1 << iota
	tBoolean
	tInteger
	tFraction
	tString
	tArray
	tObject

	tNumber = tInteger | tFraction
	tAny    = tNull | tBoolean | tNumber | tString | tArray | tObject
)

// typeNamed is the set that a name of the type keyword stands for, 0 when the
// name is not known.
func typeNamed(name string) types {
	switch name {
	case "null":
		return tNull
	case "boolean":
		return tBoolean
	case "integer":
		return tInteger
	case "number":
		return tNumber
	case "string":
		return tString
	case "array":
		return tArray
	case "object":
		return tObject
	}
	return 0
}

// names are the names of the types in the set, as the type keyword uses them.
func (t types) names() []string {
	var out []string
	add := func(bits types, name string) {
		if t&bits == bits {
			out = append(out, name)
		}
	}
	add(tString, "string")
	if t&tNumber == tInteger {
		out = append(out, "integer")
	}
	add(tNumber, "number")
	add(tBoolean, "boolean")
	add(tObject, "object")
	add(tArray, "array")
	add(tNull, "null")
	return out
}
