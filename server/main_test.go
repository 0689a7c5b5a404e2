package server_test

import (
	"os"
	"testing"

	"github.com/gin-gonic/gin"
)

// TestMain keeps Gin from printing its routes, as a main function would.
func TestMain(m *testing.M) {
	gin.SetMode(gin.ReleaseMode)
	os.Exit(m.Run())
}
