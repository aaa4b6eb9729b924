"""The mail domains of the organisation that holds a jam, as a person writes them."""

from __future__ import annotations

import re

from django.utils.translation import gettext

from jam.domain.errors import Invalid

DOMAIN = re.compile(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")
DOMAIN_MAX = 253
DOMAINS_MAX = 50


def read_domains(text: str) -> list[str]:
    """The domains in `text`, parted by commas, semicolons or white space: each once, lower case. Raises Invalid."""
    domains = list(dict.fromkeys(part.lower().lstrip("@*.") for part in re.split(r"[\s,;]+", text) if part))
    for domain in domains:
        if len(domain) > DOMAIN_MAX or not DOMAIN.fullmatch(domain):
            message = gettext("“%(domain)s” is not a mail domain. Write it like example.org.")
            raise Invalid(message % {"domain": domain[:60]}, code="domain", field="home_domains")
    if len(domains) > DOMAINS_MAX:
        raise Invalid(gettext("Name 50 mail domains at most."), code="too_many", field="home_domains")
    return domains
