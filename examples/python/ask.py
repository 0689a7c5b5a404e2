"""Asks one question with the generated V1 client and prints the answer.

    MAAX_BASE_URL=http://127.0.0.1:8080 MAAX_API_KEY=... python ask.py "How do I reset my password?"
"""

import os
import sys
import time

from maax_v1 import AuthenticatedClient
from maax_v1.api.conversations import initiate_answer_generation, retrieve_answer
from maax_v1.models import (
    InitiateAnswerGenerationRequest,
    InitiateAnswerGenerationResponse,
    Platform,
    ProspectInfo,
    RetrieveAnswerResponse,
    ServiceType,
)

INTERVAL = 0.2  # seconds between two fetches
LIMIT = 60.0  # seconds after which to give up


def ask(client: AuthenticatedClient, question: str) -> str:
    """Sends a question and returns its answer."""
    service = ServiceType.CUSTOMER_SUPPORT_AUTOMATION
    sent = initiate_answer_generation.sync_detailed(
        client=client,
        body=InitiateAnswerGenerationRequest(
            message_content=question,
            platform=Platform.EMAIL,
            service_type=service,
            prospect_info=ProspectInfo(first_name="Ada", last_name="Lovelace", email="ada@example.com"),
        ),
    )
    if not isinstance(sent.parsed, InitiateAnswerGenerationResponse):
        raise RuntimeError(f"message refused with status {sent.status_code}")
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        # The answer is asked for with the service type that the message had.
        fetched = retrieve_answer.sync_detailed(
            client=client, service_type=service, incoming_message_id=sent.parsed.incoming_message_id
        )
        if not isinstance(fetched.parsed, RetrieveAnswerResponse):
            raise RuntimeError(f"answer refused with status {fetched.status_code}")
        if fetched.parsed.answer is not None:
            return fetched.parsed.answer
        time.sleep(INTERVAL)
    raise TimeoutError("no answer in time")


def main() -> int:
    base_url, key = os.environ.get("MAAX_BASE_URL"), os.environ.get("MAAX_API_KEY")
    if not base_url or not key or len(sys.argv) != 2:
        print("usage: MAAX_BASE_URL=URL MAAX_API_KEY=KEY python ask.py QUESTION", file=sys.stderr)
        return 2
    client = AuthenticatedClient(base_url=base_url, token=key, prefix="", auth_header_name="2hd-api-key")
    print(ask(client, sys.argv[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
