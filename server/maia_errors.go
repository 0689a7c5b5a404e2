package server

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// maiaError is the error body that the MAIA contract declares.
type maiaError struct {
	Error   string `json:"error"`
	Message string `json:"message"`
}

// MAIAErrors is the error shape of the MAIA contract: {"error": "Bad Request",
// "message": "..."}, the status in words and what is wrong. A refusal with
// findings names the first error, its place and what was expected.
func MAIAErrors(c *gin.Context, r Refusal) {
	message := r.Detail
	if f := r.firstError(); f != nil && r.Status != http.StatusUnauthorized {
		message = f.Location.String() + ": " + f.Message
	}
	c.JSON(r.Status, maiaError{Error: http.StatusText(r.Status), Message: message})
}
