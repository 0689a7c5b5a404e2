// Package domain holds the nouns of the reference server and the rules about
// them: who may use what, which prospect and conversation a message belongs to,
// how an answer is rendered, when a delivery is tried again. It knows no HTTP,
// no SQL and no other package of the project, so every rule can be read and
// tested alone.
package domain
