"""What must not be in a log."""

from __future__ import annotations

import logging
import re

KEYS = re.compile(r"(/jams/[^/\s]+/(?:feeds/[0-9]+|c)/)[\w-]+")


class WithoutKeys(logging.Filter):
    """Takes the keys out of addresses that open something by themselves: of feeds, and of collections that are shared.

    Django logs the address of a page that was not found, and one whose time for reading is over may open again.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        kept = KEYS.sub(r"\1…", said)
        if kept != said:
            record.msg, record.args = kept, ()
        return True
