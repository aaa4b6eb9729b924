"""How somebody wants to hear of things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.models import Person
from jam.domain.errors import Invalid
from jam.domain.phases import database_now
from notifications.domain.kinds import KINDS, Kind, all_kinds
from notifications.domain.moments import due_at
from notifications.models import Mail, Notification, Preference


@dataclass(frozen=True)
class Choice:
    """How a kind is told. `on_page` is without effect for a kind that is never on the page, `push` for who turned no
    messages on on any device."""

    on_page: bool
    mail: str
    push: bool = False


def choices_of(person: Person) -> dict[str, Choice]:
    """For every kind, in the order of the settings. One query."""
    kept = {row.kind: row for row in Preference.objects.filter(person=person)}
    return {kind.name: _choice(kind, kept.get(kind.name)) for kind in all_kinds()}


def _choice(kind: Kind, kept: Preference | None) -> Choice:
    if kept is None:
        return Choice(on_page=bool(kind.page), mail=kind.mail, push=bool(kind.push))
    mail = kept.mail if kept.mail in kind.mails else kind.mail
    return Choice(on_page=kept.on_page, mail=mail, push=kept.push)


def choose(*, person: Person, choices: Mapping[str, Choice]) -> None:
    """Keeps how `person` wants to hear of these kinds; what waits for a mail goes by it as well.

    Raises Invalid for a kind that there is not and for a mail that it does not come by. One transaction.
    """
    for name, choice in choices.items():
        if name not in KINDS or choice.mail not in KINDS[name].mails:
            raise Invalid(gettext("Choose one of what is offered."), code="kind", field=f"{name}-mail")
    with transaction.atomic():
        before = choices_of(person)
        for name, choice in choices.items():
            if choice == before[name]:
                continue
            Preference.objects.update_or_create(person=person, kind=name, defaults=asdict(choice))
            if choice.mail != before[name].mail:
                _move_mails(person, name, choice.mail)


def _move_mails(person: Person, kind: str, mail: str) -> None:
    """What was told of and not mailed yet is mailed when the new choice says; what was never to be mailed stays so."""
    waiting = Notification.objects.filter(person=person, kind=kind, mail_due_at__isnull=False)
    due = due_at(mail, now=database_now(), zone=person.time_zone or "UTC")
    waiting.update(mail_due_at=due)


def stop_mails(person: Person, kinds: Iterable[str]) -> None:
    """No mail of these kinds any more; all else stays as it was. Twice is once."""
    before = choices_of(person)
    known = [kind for kind in kinds if kind in before and Mail.NEVER in KINDS[kind].mails]
    choose(person=person, choices={kind: replace(before[kind], mail=Mail.NEVER) for kind in known})


def without_mail(kind: str) -> QuerySet[Preference, int]:
    """The people who want no mail of this kind, for a query of mails that are made otherwise."""
    return Preference.objects.filter(kind=kind, mail=Mail.NEVER).values_list("person", flat=True)
