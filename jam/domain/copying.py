"""A jam made like another: all that was set up, and nothing that anybody wrote or did in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext

from accounts.models import Person
from jam.domain.membership import is_outside
from jam.domain.opening import prompt_of
from jam.domain.plans import Words
from jam.domain.setup import save_new_slug
from jam.models import (
    Duty,
    Forum,
    GuestHour,
    Jam,
    LookPicture,
    Member,
    OpeningPrompt,
    PlannedPoll,
    Policy,
    Poll,
    ReminderTimes,
    Role,
    Rules,
)
from jam.models.jams import new_key
from jam.models.setup import new_picture_key

AS_IT_WAS = (
    "question",
    "question_html",
    "language",
    "time_zone",
    "voting",
    "door",
    "accent",
    "home_domains",
    "edit_minutes",
)

When = Callable[[datetime], datetime]
"""From a time of the one jam to that of the other."""


@dataclass(frozen=True)
class Copied:
    """Two jams, and what of the first became what in the second, by the numbers in the first."""

    source: Jam
    copy: Jam
    members: Mapping[int, Member]
    forums: Mapping[int, Forum]
    when: When


class Listener(Protocol):
    def __call__(self, copied: Copied) -> object: ...


_listeners: list[Listener] = []


def listen(function: Listener) -> None:
    """Has a floor above copy what it set up for a jam, in the transaction that copies it. Twice is once."""
    if function not in _listeners:
        _listeners.append(function)


def copy_jam(
    *, jam: Jam, person: Person, title: str, slug: str, staff: Collection[Member], when: When, stand_in: bool = False
) -> Jam:
    """Makes a draft like `jam`, with `person` as its admin and `staff` in the roles that they have there.

    Copied are words, forums with what opens them, look, rules, policies, polls (as planned ones) and, of guests who
    come along, their hours; with `stand_in` the admin stands in for the others. Every time goes through `when`. Raises
    Invalid, naming the field. Files are copied as well.
    """
    words = Words(slug=slug, title=title, question=jam.question, language=jam.language)
    words.check()
    with transaction.atomic():
        made = Jam(**{name: getattr(jam, name) for name in AS_IT_WAS})
        words.put(made, by=None)
        for name in ("opens_at", "closes_at", "reading_until", "review_until"):
            at: datetime | None = getattr(jam, name)
            setattr(made, name, at and when(at))
        save_new_slug(made)
        members = _copy_members(jam, made, person, staff)
        forums = _copy_forums(jam, made, members)
        copied = Copied(jam, made, members, forums, when)
        _copy_promises(copied)
        _copy_duties(copied)
        _copy_polls(copied)
        _copy_guest_hours(copied, stand_in=members[0] if stand_in else None)
        _copy_look(copied)
        for listener in _listeners:
            listener(copied)
    return made


def _copy_members(jam: Jam, made: Jam, person: Person, staff: Collection[Member]) -> dict[int, Member]:
    """Those who come along, by their numbers there; under 0 the new jam's admin."""
    members: dict[int, Member] = {}
    for old in staff:
        role = Role.ADMIN if old.person_id == person.pk else old.role
        members[old.pk] = Member.objects.create(
            jam=made,
            person_id=old.person_id,
            name=old.name,
            affiliation=old.affiliation,
            about=old.about,
            alias=old.alias,
            outside=old.outside,
            role=role,
            rules_accepted=1 if jam.rules_version and old.rules_accepted >= jam.rules_version else 0,
        )
    admin = next((one for one in members.values() if one.person_id == person.pk), None)
    members[0] = admin or Member.objects.create(
        jam=made,
        person=person,
        name=person.name,
        affiliation=person.affiliation,
        role=Role.ADMIN,
        outside=is_outside(made, person),
    )
    return members


def _copy_forums(jam: Jam, made: Jam, members: Mapping[int, Member]) -> dict[int, Forum]:
    forums: dict[int, Forum] = {}
    for old in Forum.objects.filter(jam=jam).select_related("opening_prompt"):
        forums[old.pk] = new = Forum.objects.create(
            jam=made,
            key=new_key(),
            title=old.title,
            question=old.question,
            question_html=old.question_html,
            position=old.position,
        )
        prompt = prompt_of(old)
        if prompt is not None:
            by = members.get(prompt.by_id or 0, members[0])
            OpeningPrompt.objects.create(forum=new, by=by, subject=prompt.subject, body=prompt.body)
    return forums


def _copy_promises(copied: Copied) -> None:
    jam, made = copied.source, copied.copy
    policy = Policy.objects.filter(jam=jam).first()
    if policy is not None:
        policy.pk, policy.unlinked_at, policy.jam = made.pk, None, made
        policy.save(force_insert=True)
    times = ReminderTimes.objects.filter(jam=jam).first()
    if times is not None:
        ReminderTimes.objects.create(jam=made, before_opening=times.before_opening, before_close=times.before_close)
    rules = Rules.objects.filter(jam=jam).order_by("-version").first()
    if rules is not None:
        Rules.objects.create(jam=made, version=1, text=rules.text, html=rules.html, by=copied.members[0])
        made.rules_version = 1
        made.save(update_fields=["rules_version"])


def _copy_duties(copied: Copied) -> None:
    duties = Duty.objects.filter(member__jam=copied.source, member__in=[pk for pk in copied.members if pk])
    Duty.objects.bulk_create(
        Duty(member=copied.members[duty.member_id], forum=copied.forums[duty.forum_id])
        for duty in duties.order_by("pk")
    )


def _copy_polls(copied: Copied) -> None:
    """What was planned, and what was asked, is planned at the time that it has here."""
    planned = [
        PlannedPoll(
            forum_id=poll.forum_id,
            by_id=poll.by_id,
            question=poll.question,
            choices=poll.choices,
            multiple=poll.multiple,
            results=poll.results,
            starts_at=poll.starts_at,
            ends_at=poll.ends_at,
        )
        for poll in PlannedPoll.objects.filter(jam=copied.source, begun_at=None)
    ]
    for poll in Poll.objects.filter(jam=copied.source).prefetch_related("choices").order_by("pk"):
        choices = [choice.words for choice in poll.choices.all()]
        # One without an end, or that was ended at once, ends with the jam.
        ends = poll.closes_at if poll.closes_at and poll.closes_at > poll.created_at else None
        planned.append(
            PlannedPoll(
                forum_id=poll.forum_id,
                by_id=poll.by_id,
                question=poll.question,
                choices=choices,
                multiple=poll.multiple,
                results=poll.results,
                starts_at=poll.created_at,
                ends_at=ends,
            )
        )
    for one in planned:
        one.jam, one.by = copied.copy, copied.members.get(one.by_id or 0, copied.members[0])
        one.forum = copied.forums[one.forum_id] if one.forum_id else None
        one.starts_at, one.ends_at = copied.when(one.starts_at), one.ends_at and copied.when(one.ends_at)
    PlannedPoll.objects.bulk_create(planned)


def _copy_guest_hours(copied: Copied, *, stand_in: Member | None) -> None:
    hours = []
    for old in GuestHour.objects.filter(jam=copied.source).select_related("guest"):
        guest = copied.members.get(old.guest_id, stand_in)
        if guest is None:
            continue
        words = old.words
        if old.guest_id not in copied.members:
            said = gettext("Instead of %(guest)s: %(words)s") if words else gettext("Instead of %(guest)s")
            words = (said % {"guest": old.guest.name, "words": words})[:500]
        forum = copied.forums[old.forum_id] if old.forum_id else None
        starts_at, ends_at = copied.when(old.starts_at), copied.when(old.ends_at)
        hours.append(
            GuestHour(jam=copied.copy, forum=forum, guest=guest, words=words, starts_at=starts_at, ends_at=ends_at)
        )
    GuestHour.objects.bulk_create(hours)


def _copy_look(copied: Copied) -> None:
    for old in LookPicture.objects.filter(jam=copied.source):
        key = new_picture_key()
        try:
            with old.file.open("rb") as file:
                name = default_storage.save(f"look/{copied.copy.pk}/{key}.webp", ContentFile(file.read()))
        except FileNotFoundError:
            continue
        LookPicture.objects.create(
            jam=copied.copy, kind=old.kind, key=key, file=name, alt=old.alt, width=old.width, height=old.height
        )
