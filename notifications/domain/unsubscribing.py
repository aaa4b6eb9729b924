"""Links in mails that end these mails with one press, without signing in (RFC 8058)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import Person
from notifications.domain import preferences
from notifications.domain.kinds import KINDS, Kind
from notifications.models import Mail

SALT = "notifications.unsubscribe"
GATHERED = (Mail.HOURLY, Mail.DAILY)


@dataclass(frozen=True)
class Subscription:
    """What a link ends: the mails of one kind, or all that come gathered at one time."""

    person: Person
    what: str

    @property
    def kinds(self) -> list[Kind]:
        """The kinds that it ends the mails of now. One query if they are gathered."""
        if self.what in KINDS:
            return [KINDS[self.what]]
        chosen = preferences.choices_of(self.person)
        return [KINDS[name] for name, choice in chosen.items() if choice.mail == self.what]


def token(person_id: int, what: str) -> str:
    """A text that stands for ending mails: signed, without an end, and good for nothing else."""
    return signing.dumps([person_id, what], salt=SALT, compress=False)


def url(person_id: int, what: str) -> str:
    return settings.SITE_URL + reverse("notifications:unsubscribe", args=[token(person_id, what)])


def headers(person_id: int, what: str) -> dict[str, str]:
    """For a mail that the reader can be rid of with their mail program's own button."""
    return {
        "List-Unsubscribe": f"<{url(person_id, what)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def read(text: str) -> Subscription | None:
    """What a link ends; None if we did not write it, or its person or kind is gone. One query."""
    try:
        value = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    person_id, what = value
    if what not in KINDS and what not in GATHERED:
        return None
    person = Person.objects.filter(pk=person_id).first()
    return None if person is None else Subscription(person, what)


def end(subscription: Subscription) -> Sequence[Kind]:
    """Ends the mails, and says of which kinds. Twice is once."""
    kinds = subscription.kinds
    preferences.stop_mails(subscription.person, [kind.name for kind in kinds])
    return kinds
