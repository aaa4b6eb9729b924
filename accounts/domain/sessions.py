"""Where somebody is signed in. The rows are allauth's, made when somebody signs in; a session is Django's."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Person

SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "CrOS", "Linux")
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung", "Firefox": "Firefox", "FxiOS": "Firefox"}
BROWSERS |= {"Chrome": "Chrome", "CriOS": "Chrome", "Safari": "Safari"}
"""In this order, since most browsers also say that they are another."""


def sessions_of(person: Person) -> QuerySet[UserSession]:
    """Those that have not ended, the newest first. One query."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    found: QuerySet[UserSession] = UserSession.objects.filter(Exists(alive), user=person)
    return found.order_by("-created_at", "-pk")


def end_session(*, person: Person, session_id: int) -> None:
    """Signs out there: pages, tabs, and messages to that device. Ended already is well."""
    for session in UserSession.objects.filter(user=person, pk=session_id):
        session.end()


def end_others(*, person: Person, but: str) -> int:
    """Signs out everywhere but in the session with the key `but`. How many there were."""
    others = list(sessions_of(person).exclude(session_key=but))
    for session in others:
        session.end()
    return len(others)


def device(user_agent: str) -> str:
    """What a browser says it is, in a few words: “Firefox, Windows”. Empty if it says nothing that we know."""
    browser = next((name for mark, name in BROWSERS.items() if f"{mark}/" in user_agent), "")
    system = next((name for name in SYSTEMS if name in user_agent), "")
    return ", ".join(part for part in (browser, system) if part)
