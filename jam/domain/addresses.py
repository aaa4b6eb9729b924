"""An e-mail address as people write it in lists."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import idna

EMAIL_MAX = 254
LOCAL_MAX = 64
ATOM = re.compile(r"[^\s\"(),:;<>@\[\\\]]+")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


class NotAnAddress(ValueError):
    """`reason` is a key of `jam.domain.rows_said.REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Address:
    """`email` is how it is kept and compared: in small letters, its domain in ASCII. `name` stood before it, if any;
    `odd` says what is unusual of it, a key of `jam.domain.rows_said.ODD`, or nothing."""

    email: str
    name: str = ""
    odd: str = ""


def read_address(text: str) -> Address:
    """The address in `text`, also as `Ana <ana@example.org>` or `mailto:ana@example.org`. Raises NotAnAddress.

    It says whether it could be one, not whether somebody reads it. An address literal (`ana@[192.0.2.1]`) and a domain
    of one word are taken for mistakes, which in such lists they are.
    """
    plain = unicodedata.normalize("NFC", text).strip().strip(",;").strip()
    if any(unicodedata.category(one) in ("Cc", "Cf", "Cs") for one in plain):
        raise NotAnAddress("control")
    name = ""
    if plain.endswith(">") and "<" in plain:
        # Not by email.utils: the quotation marks around a name with a comma went with the CSV.
        name, _sign, plain = plain.removesuffix(">").rpartition("<")
        name = name.strip().strip('"')
    plain = plain.removeprefix("mailto:").strip()
    local, at, domain = plain.rpartition("@")
    if not at:
        raise NotAnAddress("no-at")
    if not local or not domain:
        raise NotAnAddress("half")
    is_quoted = QUOTED.fullmatch(local) is not None
    if not is_quoted:
        _check_local(local)
    ascii_domain = _ascii_domain(domain)
    email = f"{local.lower()}@{ascii_domain}"
    if len(email) > EMAIL_MAX or len(local.encode()) > LOCAL_MAX:
        raise NotAnAddress("long")
    return Address(email=email, name=name[:120], odd=_odd(local, domain, is_quoted))


def _check_local(local: str) -> None:
    if any(one.isspace() for one in local):
        raise NotAnAddress("space")
    if "@" in local:
        raise NotAnAddress("two-ats")
    if local.startswith(".") or local.endswith(".") or ".." in local:
        raise NotAnAddress("dots")
    if not ATOM.fullmatch(local):
        raise NotAnAddress("character")


def _ascii_domain(domain: str) -> str:
    if any(one.isspace() for one in domain):
        raise NotAnAddress("space")
    try:
        ascii_domain = idna.encode(domain.rstrip("."), uts46=True).decode("ascii").lower()
    except idna.IDNAError as error:
        raise NotAnAddress("domain") from error
    if "." not in ascii_domain or ascii_domain.rpartition(".")[2].isdecimal():
        raise NotAnAddress("domain")
    return ascii_domain


def _odd(local: str, domain: str, is_quoted: bool) -> str:
    if is_quoted:
        return "quotes"
    if not local.isascii():
        return "local"
    if not domain.isascii() or "xn--" in domain.lower():
        return "domain"
    if "+" in local:
        return "plus"
    return ""
