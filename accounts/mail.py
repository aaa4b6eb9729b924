"""Mail kept as files, for a site without a mail server."""

import re
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmlFileBackend(BaseEmailBackend):
    """Writes each message to a file of its own, `MAIL_DIR/*.eml`, whole or not at all.

    One that came with a `Message-ID` is called by that: sent again after a crash, it takes the place of the first.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            name = _name_of(message)
            unfinished = folder / f".{name}.{secrets.token_hex(4)}.part"
            unfinished.write_bytes(message.message().as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
            unfinished.rename(folder / f"{name}.eml")
        return len(email_messages)


def _name_of(message: EmailMessage) -> str:
    own = str(message.extra_headers.get("Message-ID", ""))
    if own:
        return re.sub(r"[^\w.-]", "_", own.strip("<>").rpartition("@")[0])[:200]
    return f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(6)}"
