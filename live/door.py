"""Who comes in, and what they missed: the same for the socket and for `changes`.

Everything here that reads the database must run in a thread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, QueryDict, parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils.http import is_same_domain

from live.codes import Close
from live.domain import queries
from live.domain.entry import Entry
from live.domain.queries import Changes
from live.gate import Admission, Counts, Refusal, User, get_gate

ROOMS_MAX = 8
ROOM = re.compile(r"[a-z]{1,16}(:[0-9]{1,18})?")
SINCE = re.compile(r"[0-9]{1,18}")
LOCAL_HOSTS = [".localhost", "127.0.0.1", "[::1]"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client asks to hear."""

    rooms: tuple[str, ...]
    since: int | None


@dataclass(frozen=True, slots=True)
class Welcome:
    """What they will hear. `since` is the last seq that they were told; None if they are new here."""

    admission: Admission
    since: int | None


def come_in(user: User | None, slug: str, query: QueryDict) -> Welcome | Refusal:
    """Asks the gate. `user` is None for somebody who says that they are somebody, and is not."""
    wish = parse(query)
    if isinstance(wish, Refusal):
        return wish
    answer = Refusal(Close.SIGNED_OUT) if user is None else get_gate().admit(user, slug, wish.rooms)
    return answer if isinstance(answer, Refusal) else Welcome(answer, wish.since)


def parse(query: QueryDict) -> Wish | Refusal:
    rooms = tuple(dict.fromkeys(query.getlist("room")))
    since = query.get("since")
    if len(rooms) > ROOMS_MAX or not all(ROOM.fullmatch(room) for room in rooms):
        return Refusal(Close.BAD_REQUEST)
    if since is not None and not SINCE.fullmatch(since):
        return Refusal(Close.BAD_REQUEST)
    return Wish(rooms=rooms, since=None if since is None else int(since))


def user_of(headers: Mapping[str, str]) -> User | None:
    """Whom the headers (in lower case) show: by token if there is one, else by session."""
    return user_of_token(headers) if "authorization" in headers else user_of_session(headers.get("cookie", ""))


def user_of_token(headers: Mapping[str, str]) -> User | None:
    token = bearer_token(headers)
    return None if token is None else get_gate().bearer(token)


def catch_up(
    admission: Admission, *, since: int, until: int | None = None, recalled: list[Entry] | None = None
) -> tuple[Changes, Counts | None]:
    """What somebody missed who was told all up to `since`, and the votes as they are now.

    `until` as in `queries.changes`; what is `recalled` already is not read again.
    """
    if recalled is not None and until is not None:
        changes = Changes(seq=until, entries=tuple(recalled))
    else:
        changes = queries.changes(jam_key=admission.jam_key, rooms=admission.rooms, since=since, until=until)
    if changes.entries is None:
        return changes, None
    return changes, get_gate().counts(admission.jam_key, admission.rooms)


def bearer_token(headers: Mapping[str, str]) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def user_of_session(cookies: str) -> User:
    """Whose session the Cookie header names, as the pages would see it."""
    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME)
    if not key:
        return AnonymousUser()
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return get_user(request)


def may_connect_from(headers: Mapping[str, str], *, secure: bool) -> bool:
    """Whether a socket may be opened from where it is opened from.

    Browsers send cookies along with a socket that any site opens, and always say which: so a socket that relies on the
    cookie must come from our own pages. A token is nothing that a browser sends by itself.
    """
    if bearer_token(headers) is not None:
        return True
    origin = headers.get("origin", "")
    return _is_own(origin, headers, secure=secure) or _is_trusted(origin)


def _is_own(origin: str, headers: Mapping[str, str], *, secure: bool) -> bool:
    host = headers.get("host", "")
    allowed = settings.ALLOWED_HOSTS or (LOCAL_HOSTS if settings.DEBUG else [])
    if not validate_host(split_domain_port(host)[0], allowed):
        return False
    if settings.SECURE_PROXY_SSL_HEADER is not None:
        name, value = settings.SECURE_PROXY_SSL_HEADER
        name = name.removeprefix("HTTP_").replace("_", "-").lower()
        secure = headers.get(name, "").split(",")[0].strip() == value if name in headers else secure
    return origin == f"{'https' if secure else 'http'}://{host}"


def _is_trusted(origin: str) -> bool:
    parts = urlsplit(origin)
    for trusted in settings.CSRF_TRUSTED_ORIGINS:
        allowed = urlsplit(trusted.replace("*", "", 1))
        if parts.scheme == allowed.scheme and parts.netloc and is_same_domain(parts.netloc, allowed.netloc):
            return True
    return False
