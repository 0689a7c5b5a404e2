// Package chat asks a language model behind an OpenAI-compatible
// chat-completions endpoint, whole or streamed, with retries that respect
// Retry-After. It gives the model passages to answer from and tells an answer
// from the model's word that it has none.
//
//	client, err := chat.New(chat.Config{BaseURL: "http://127.0.0.1:11434/v1", Model: "small"})
//	...
//	reply, err := client.Ask(ctx, "Where do I park?", passages)
//
// Nothing of a question, a passage, an answer or the key is ever in an error:
// what the server says in its own errors may repeat them and is dropped.
package chat
