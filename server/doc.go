// Package server is what a Gin server needs to keep a contract: an engine with
// safe settings, a middleware that checks requests, one that checks responses,
// the mounting of generated servers with errors in the contract's shape, and a
// receiver for the callbacks of a vendor.
//
//	engine := server.NewEngine(server.EngineConfig{Shape: server.MAAXErrors})
//	validate, err := server.Validate(server.Config{Contracts: contract.Set{c}, Shape: server.MAAXErrors})
//	...
//	engine.Use(validate)
//	err = server.MountMAAXV2(engine, handlers, server.MountConfig{Shape: server.MAAXErrors})
//	...
//	err = server.HTTPServer(engine).ListenAndServe()
//
// It is not for traffic that only passes through: that is package proxy. It
// keeps no state between requests and never logs a body, a query or a header.
//
// Gin prints its routes on standard output unless the program chose a mode.
// The mode belongs to the whole process, so this package leaves it alone: call
// gin.SetMode(gin.ReleaseMode) in main.
package server
