package answer

import (
	"strings"
	"unicode"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// maxStemBytes bounds the words that are stemmed; longer runs of letters are
// no English words and are compared as they are.
const maxStemBytes = 64

// terms returns the stems of the text's words in order, stop words left out.
func terms(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !isApostrophe(r)
	})
	stems := make([]string, 0, len(words))
	for _, word := range words {
		word = strings.TrimFunc(strings.Map(plainApostrophe, word), isApostrophe)
		if word == "" || isStopWord(word) {
			continue
		}
		stems = append(stems, stem(word))
	}
	return stems
}

func stem(word string) string {
	if len(word) > maxStemBytes {
		return word
	}
	env := snowballstem.NewEnv(word)
	english.Stem(env)
	return env.Current()
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' }

func plainApostrophe(r rune) rune {
	if isApostrophe(r) {
		return '\''
	}
	return r
}

// isStopWord says whether a word is so common in questions that it tells
// nothing about the subject.
func isStopWord(word string) bool {
	switch word {
	case "a", "an", "the", "this", "that", "these", "those", "there", "here",
		"i", "i'm", "i've", "i'd", "i'll", "me", "my", "mine", "we", "us", "our", "you", "your", "yours",
		"he", "she", "it", "it's", "its", "they", "them", "their", "one",
		"am", "is", "are", "was", "were", "be", "been", "being", "isn't", "aren't", "wasn't",
		"do", "does", "did", "doing", "done", "don't", "doesn't", "didn't",
		"have", "has", "had", "having", "haven't",
		"can", "can't", "cannot", "could", "couldn't", "will", "won't", "would", "should", "shall", "may", "might", "must",
		"and", "or", "but", "nor", "not", "no", "if", "then", "than", "so", "too", "also", "just", "only", "as",
		"of", "to", "in", "on", "at", "by", "for", "with", "from", "into", "about", "up", "out",
		"who", "what", "what's", "when", "where", "where's", "which", "why", "how", "how's", "whose",
		"any", "some", "all", "there's", "that's", "please", "hello", "hi", "hey", "thanks", "want", "need", "like", "get", "got", "let", "tell", "know":
		return true
	default:
		return false
	}
}
