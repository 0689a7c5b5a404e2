// Command bench compares the contract engine with what it is used instead of,
// in one process and one run.
//
// For each case every contestant works in turn, a slice of some milliseconds
// each, in an order that rotates from round to round. Time is the CPU time of
// the process, so that neighbours on the machine matter less; ratios are taken
// round by round and their median is shown. Absolute figures still differ from
// machine to machine: only the ratios and the allocations are worth keeping.
//
//	go run . -rounds 30
//	go run . -gate        # exit 1 when a floor of ours is not met
//
// Its module path lies below contract, although its folder does not, so that
// it may measure the engine's inside. It is a module of its own, so that what
// it compares with weighs on nobody else.
package main
