// Sends a message with V1 and fetches its answer.
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./generated/v1.js";

export type Message = components["schemas"]["InitiateAnswerGenerationRequest"];
type ServiceType = components["schemas"]["ServiceType"];

export interface Polling {
  /** Milliseconds between two fetches. */
  interval: number;
  /** Milliseconds after which to give up. */
  limit: number;
}

export function connect(baseUrl: string, key: string): Client<paths> {
  return createClient<paths>({
    baseUrl,
    headers: { "2hd-api-key": key },
    redirect: "error", // a redirect would carry the key to another host
  });
}

/** Sends one message and resolves with its answer. */
export async function ask(client: Client<paths>, message: Message & { service_type: ServiceType }, polling: Polling): Promise<string> {
  const sent = await client.POST("/api/initiate_answer_generation/", { body: message });
  if (!sent.data) {
    throw new Error(`message refused with status ${sent.response.status}`);
  }
  // The answer is asked for with the service type that the message had.
  const query = { service_type: message.service_type, incoming_message_id: sent.data.incoming_message_id };
  const deadline = Date.now() + polling.limit;
  while (Date.now() < deadline) {
    const fetched = await client.GET("/api/retrieve_answer/", { params: { query } });
    if (!fetched.data) {
      throw new Error(`answer refused with status ${fetched.response.status}`);
    }
    if (fetched.data.answer !== null) {
      return fetched.data.answer;
    }
    await new Promise((resolve) => setTimeout(resolve, polling.interval));
  }
  throw new Error("no answer in time");
}
