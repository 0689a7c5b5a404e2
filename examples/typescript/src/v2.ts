// Sends a message with V2, whose answer arrives as a callback.
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./generated/v2.js";

export type Message = components["schemas"]["OutgoingMessageRequest"];

export function connect(baseUrl: string, key: string): Client<paths> {
  return createClient<paths>({ baseUrl, headers: { "2hd-api-key": key }, redirect: "error" });
}

/** Sends one message and resolves with the id it was given. */
export async function send(client: Client<paths>, message: Message): Promise<number> {
  const sent = await client.POST("/api/v2/outgoing-messages/", { body: message });
  if (!sent.data) {
    throw new Error(`message refused with status ${sent.response.status}`);
  }
  return sent.data.incoming_message_id;
}
