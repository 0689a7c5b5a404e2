package server

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// maaxError is the error body that the MAAX contracts declare.
type maaxError struct {
	Error string `json:"error"`
}

// MAAXErrors is the error shape of the MAAX contracts: {"error": "..."}. A
// refusal with findings names the first error, its place and what was
// expected; the contracts print the text for a wrong method.
func MAAXErrors(c *gin.Context, r Refusal) {
	c.JSON(r.Status, maaxError{Error: maaxText(r)})
}

func maaxText(r Refusal) string {
	if r.Status == http.StatusMethodNotAllowed {
		return "Invalid request method"
	}
	if r.Status == http.StatusUnauthorized {
		return r.Detail
	}
	if f := r.firstError(); f != nil {
		return f.Location.String() + ": " + f.Message
	}
	return r.Detail
}
