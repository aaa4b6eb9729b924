"""Asking to take part, and deciding about it. Who is let in joins by a press of their own, and so under a name that
nobody who decided has to learn."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext

from accounts import languages
from accounts.models import Person
from jam.domain import membership, policies
from jam.domain.doings import did
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.events import requests_changed
from jam.domain.phases import database_now
from jam.domain.text import clean_text, is_blank
from jam.models import Decision, Door, Jam, JoinRequest, Member, Role
from jam.models.door import REQUEST_WORDS_MAX

AGAIN_AFTER = timedelta(days=1)
TIMES_MOST = 2


def of(jam: Jam, person: Person) -> JoinRequest | None:
    """What `person` asked of `jam`. One query."""
    return JoinRequest.objects.filter(jam=jam, person=person).first()


def open_count(jam: Jam) -> int:
    """How many wait for a decision. One query, by an index of those alone."""
    return JoinRequest.objects.filter(jam=jam, decision=Decision.OPEN).count()


def may_ask_again(asked: JoinRequest) -> bool:
    """Once, a day after they were declined."""
    return (
        asked.decision == Decision.DECLINED
        and asked.times < TIMES_MOST
        and asked.decided_at is not None
        and asked.decided_at <= database_now() - AGAIN_AFTER
    )


def ask(*, jam: Jam, person: Person, words: str, invited_as: str = "") -> JoinRequest:
    """Asks those who run `jam` to let `person` in. `invited_as` is the address of the invitation that they followed.

    Raises NotAllowed if the door takes no requests and no invitation brought them, or nobody can join now; Conflict if
    they asked already, or may not ask again yet; Invalid for the words. Ends with the jam's event counter locked.
    """
    if jam.door != Door.REQUEST and not invited_as:
        raise NotAllowed(gettext("This jam takes no requests."), code="door")
    membership.require_phase_to_join(jam)
    if membership.member_of(jam, person) is not None:
        raise Conflict(gettext("You are in this jam already."), code="member")
    words = clean_text(words, field="words", name=gettext("The text"), limit=REQUEST_WORDS_MAX)
    if is_blank(words):
        raise Invalid(gettext("Write a few words, so that they know who asks."), code="required", field="words")
    with transaction.atomic():
        asked, made = JoinRequest.objects.select_for_update().get_or_create(
            jam=jam, person=person, defaults={"words": words, "invited_as": invited_as}
        )
        if not made:
            _ask_again(asked, words)
        requests_changed(jam, open_count(jam))
    return asked


def _ask_again(asked: JoinRequest, words: str) -> None:
    if asked.decision == Decision.OPEN:
        raise Conflict(gettext("You asked already. Those who run the jam have still to decide."), code="waiting")
    if asked.decision == Decision.APPROVED:
        raise Conflict(gettext("You were let in already."), code="approved")
    if not may_ask_again(asked):
        raise Conflict(gettext("They declined. You can ask once more, a day after that."), code="declined")
    asked.words, asked.times, asked.asked_at = words, asked.times + 1, database_now()
    asked.decision, asked.decided_at, asked.by, asked.answer, asked.told_at = Decision.OPEN, None, None, "", None
    asked.save()


def decide(*, request: JoinRequest, by: Member, approve: bool, answer: str = "") -> JoinRequest:
    """Lets somebody in or declines, with a word to them. They are mailed it. Raises Conflict if it was decided."""
    answer = clean_text(answer, field="answer", name=gettext("The text"), limit=REQUEST_WORDS_MAX)
    with transaction.atomic():
        held = JoinRequest.objects.select_related("jam").select_for_update(of=("self",)).get(pk=request.pk)
        if held.decision != Decision.OPEN:
            raise Conflict(gettext("Somebody else decided this already."), code="decided")
        held.decision = Decision.APPROVED if approve else Decision.DECLINED
        held.decided_at, held.by, held.answer = database_now(), by, answer
        held.save()
        kind = "request_approved" if approve else "request_declined"
        did(jam=held.jam, by=by, kind=kind, reason=answer, after={"request": held.pk})
        requests_changed(held.jam, open_count(held.jam))
    return held


def join(*, jam: Jam, person: Person, pseudonym: str | None) -> Member:
    """Makes somebody who was let in a participant. Raises NotAllowed if they were not, else as `membership.admit`."""
    asked = of(jam, person)
    if asked is None or asked.decision != Decision.APPROVED:
        raise NotAllowed(gettext("Those who run the jam have not let you in."), code="door")
    membership.require_phase_to_join(jam)
    return membership.admit(policy=policies.of(jam), person=person, role=Role.PARTICIPANT, pseudonym=pseudonym)


def tell_decided() -> None:
    """Mails the decisions that nobody was told of. Each is claimed by an UPDATE that only one worker's can change; a
    worker that dies between the two leaves a mail unsent, and the page says the decision all the same."""
    rows = JoinRequest.objects.filter(told_at=None).exclude(decision=Decision.OPEN)
    for pk in rows.values_list("pk", flat=True)[:100]:
        if rows.filter(pk=pk).update(told_at=database_now()):
            _mail(JoinRequest.objects.select_related("jam", "person", "by").get(pk=pk))


def _mail(decided: JoinRequest) -> None:
    person, jam = decided.person, decided.jam
    if not person.email or not person.is_active:
        return
    with languages.of(person, otherwise=jam.language):
        context = {
            "decided": decided,
            "person": person,
            "jam": jam,
            "url": settings.SITE_URL + reverse("jam:request", args=[jam.slug]),
            "language": get_language(),
        }
        subject = gettext("Your request to take part: %(title)s") % {"title": jam.title}
        body = render_to_string("jam/request_mail.txt", context)
    try:
        EmailMessage(" ".join(subject.split()), body, to=[person.email]).send()
    except OSError:
        # Tried again with the next beat.
        JoinRequest.objects.filter(pk=decided.pk, decided_at=F("decided_at")).update(told_at=None)
