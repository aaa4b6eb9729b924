"""Asks a web process whether it is well: `python -m jam.serving.health HOST:PORT` ends with 0 if it is."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit

TIMEOUT = 5


def ask(address: str, *, site_url: str) -> None:
    """Returns if the process at `address` and what it needs are well (see `jam.views.health`); else raises OSError."""
    request = urllib.request.Request(f"http://{address}/healthz", headers={"Host": urlsplit(site_url).netloc})
    # Without the proxies of the environment: the process is next door.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=TIMEOUT):
        pass


if __name__ == "__main__":
    try:
        ask(sys.argv[1], site_url=os.environ["SITE_URL"])
    except OSError as error:
        sys.exit(str(error))
