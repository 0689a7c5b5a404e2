package maax

import (
	"cmp"
	"net/url"
)

// firstOf returns the first fault that is not empty.
func firstOf(faults ...string) string { return cmp.Or(faults...) }

// urlFault says what keeps the vendor from calling the URL, or "". It does not
// quote the URL, whose query is the caller's.
func urlFault(name, raw string) string {
	if raw == "" {
		return name + " is empty: V2 calls it"
	}
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return name + " is not an absolute http or https URL"
	}
	return ""
}
