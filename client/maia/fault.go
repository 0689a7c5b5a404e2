package maia

import "cmp"

// firstOf returns the first fault that is not empty.
func firstOf(faults ...string) string { return cmp.Or(faults...) }

// pathFault says what keeps an id from being a segment of a path, or "". The
// client escapes everything but the two names that URLs resolve away, which
// would lead to another operation.
func pathFault(name, id string) string {
	switch id {
	case "":
		return name + " is empty"
	case ".", "..":
		return name + ` is "` + id + `", which cannot be in a path`
	default:
		return ""
	}
}

func providerFault(id string) string {
	if id == "" {
		return "ProviderMessageID is empty: give the integration's own id of the message"
	}
	return ""
}
