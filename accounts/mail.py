"""Mail kept as files, for a site without a mail server."""

import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmlFileBackend(BaseEmailBackend):
    """Writes each message to a file of its own, `MAIL_DIR/*.eml`, whole or not at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            name = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(6)}"
            unfinished = folder / f".{name}.part"
            unfinished.write_bytes(message.message().as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
            unfinished.rename(folder / f"{name}.eml")
        return len(email_messages)
