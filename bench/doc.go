// Command bench compares the contract engine with what it is used instead of,
// in one process and one run: kin-openapi's filter behind its gorillamux
// router first of all, encoding/json and Gin's binding besides.
//
// For each case every contestant works in turn, a slice of some milliseconds
// each, in an order that rotates from round to round. Time is the CPU time of
// the process, so that neighbours on the machine matter less; ratios are taken
// round by round and their median is shown. Absolute figures still differ from
// machine to machine: only the ratios and the allocations are worth keeping.
//
//	go run .              # the whole table
//	go run . -gate -short # exit 1 when a floor is missed, in under two minutes
//	go run . -gate -goals # exit 1 when a goal is not reached
//	go run . -case V2     # the cases whose name contains V2
//
// A goal is what the engine should reach; where it does not, a lower floor keeps
// what was reached, and the goal is still said to be missing.
//
// Everything of ours goes through the public API. The program is a module of
// its own, so that what it compares with weighs on nobody else.
package main
