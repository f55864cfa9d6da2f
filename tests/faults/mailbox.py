"""A mail server that keeps what it took in a file, so that it outlives whoever sent it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

BACKEND = f"{__name__}.FileBackend"


class FileBackend(BaseEmailBackend):
    """One line for each mail, written at once."""

    def send_messages(self, email_messages: Any) -> int:
        """Take them."""
        file = os.open(settings.MAILBOX, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            for message in email_messages:
                line = {"id": message.extra_headers["Message-ID"], "to": message.to[0], "subject": message.subject}
                os.write(file, (json.dumps(line) + "\n").encode())
        finally:
            os.close(file)
        return len(email_messages)


def taken(file: Path, to: str) -> list[str]:
    """The ids of the mails that one address got, in their order; one that came twice stands there twice."""
    if not file.exists():
        return []
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    return [line["id"] for line in lines if line["to"] == to]
