"""Who comes in, and what they missed: the same for the socket and for `changes`.

Everything here that reads the database must run in a thread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.http import QueryDict, parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils import timezone
from django.utils.crypto import constant_time_compare
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
class Caller:
    """Who says that they are there, and what they ask to hear: all that the door needs, also to be asked again later.

    `token` is None for somebody who relies on a session; empty, as `session` is, for somebody who shows nothing.
    """

    slug: str
    rooms: tuple[str, ...]
    session: str
    token: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """`since` is the last seq that the caller was told; None if they are new here."""

    caller: Caller
    since: int | None


def parse(headers: Mapping[str, str], slug: str, query: QueryDict) -> Call | Refusal:
    """What somebody sent, with the names of the headers in lower case. Asks nobody."""
    rooms = tuple(dict.fromkeys(query.getlist("room")))
    since = query.get("since")
    if len(rooms) > ROOMS_MAX or not all(ROOM.fullmatch(room) for room in rooms):
        return Refusal(Close.BAD_REQUEST)
    if since is not None and not SINCE.fullmatch(since):
        return Refusal(Close.BAD_REQUEST)
    caller = Caller(
        slug=slug,
        rooms=rooms,
        session=parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, ""),
        token=bearer_token(headers) or "" if "authorization" in headers else None,
    )
    return Call(caller, None if since is None else int(since))


def come_in(caller: Caller) -> Admission | Refusal:
    """Asks who the caller is, and the gate what they may hear."""
    ends: datetime | None = None
    user: User | None
    if caller.token is None:
        user, ends = user_of_session(caller.session)
    else:
        user = get_gate().bearer(caller.token) if caller.token else None
    answer = let_in(user, caller)
    if ends is None or isinstance(answer, Refusal):
        return answer
    return replace(answer, until=ends if answer.until is None else min(ends, answer.until))


def let_in(user: User | None, caller: Caller) -> Admission | Refusal:
    """Asks the gate about somebody who is known. `user` is None for who says that they are somebody, and is not."""
    return Refusal(Close.SIGNED_OUT) if user is None else get_gate().admit(user, caller.slug, caller.rooms)


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


def user_of_session(key: str) -> tuple[User, datetime | None]:
    """Whose session this is, whether or not they may still sign in, and when it ends.

    Reads the database and no cache: a session that was ended a moment ago has ended. Two queries.
    """
    session = Session.objects.filter(pk=key, expire_date__gt=timezone.now()).first() if key else None
    if session is None:
        return AnonymousUser(), None
    person = _person_of(session.get_decoded())
    return (AnonymousUser(), None) if person is None else (person, session.expire_date)


def _person_of(signed_in: Mapping[str, Any]) -> AbstractBaseUser | None:
    """As `django.contrib.auth.get_user`, which would not tell somebody suspended from a stranger."""
    model = get_user_model()
    try:
        person = model._default_manager.filter(pk=model._meta.pk.to_python(signed_in[SESSION_KEY])).first()
    except (KeyError, ValidationError):
        return None
    if person is None:
        return None
    # Changes with the password. The second are those of a secret key that is being replaced.
    valid = (person.get_session_auth_hash(), *person.get_session_auth_fallback_hash())
    known = signed_in.get(HASH_SESSION_KEY, "")
    if not any(constant_time_compare(known, fits) for fits in valid):
        return None
    person.of_session = signed_in  # type: ignore[attr-defined]  # for the gate, which may ask more of some people
    return person


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
