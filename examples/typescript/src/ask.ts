// Asks one question and prints the answer:
//
//   MAAX_BASE_URL=http://127.0.0.1:8080 MAAX_API_KEY=... node build/ask.js "How do I reset my password?"
import { ask, connect } from "./v1.js";

const baseUrl = process.env["MAAX_BASE_URL"];
const key = process.env["MAAX_API_KEY"];
const question = process.argv[2];
if (!baseUrl || !key || !question) {
  console.error("usage: MAAX_BASE_URL=URL MAAX_API_KEY=KEY node build/ask.js QUESTION");
  process.exit(2);
}

const answer = await ask(
  connect(baseUrl, key),
  {
    message_content: question,
    platform: "email",
    service_type: "customer_support_automation",
    prospect_info: { first_name: "Ada", last_name: "Lovelace", email: "ada@example.com" },
  },
  { interval: 200, limit: 60_000 },
);
console.log(answer);
