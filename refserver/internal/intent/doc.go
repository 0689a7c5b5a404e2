// Package intent reads from a message what it asks for beside an answer: a
// person, or a follow-up, now or at a time of its own.
//
// It looks for English phrases and guesses; the times are parsed by an
// established library. What it misses, such as wishes behind the first 16 KiB of
// a message, is answered like any other message.
package intent
