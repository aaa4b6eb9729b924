"""What people are told of moderation: the author of a post what was done and why, who flagged it that it was looked at,
who wrote to the facilitators their answer, and who is suspended that they are.

It is told once the transaction is committed, by the process that did it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import languages
from accounts.models import Person
from jam.domain import time_words
from jam.domain.rendering import excerpt
from jam.models import Jam
from moderation.domain import reasons
from moderation.models import Action, ActionKind, Case, Flag, FlagState, HeldPost, Message
from notifications.domain.kinds import News, Standing, declare, isolated
from notifications.domain.sending import notify
from notifications.models import Mail, Notification

MODERATED, FLAGGED, ANSWERED, SUSPENDED = "moderated", "flagged", "answered", "suspended"
TITLE_LENGTH = 80
BY_SITE = "site_hide"

SENTENCES: Mapping[str, str | Promise] = {
    ActionKind.HIDE: _("A facilitator hid your post “%(title)s”"),
    BY_SITE: _("Your post “%(title)s” is hidden until a facilitator has looked at it: several people flagged it"),
    ActionKind.RESTORE: _("Your post “%(title)s” is shown again"),
    ActionKind.DISMISS: _("A facilitator looked at your post “%(title)s”: it is shown again"),
    ActionKind.EDIT: _("A facilitator changed your post “%(title)s”"),
    ActionKind.WARN: _("A facilitator wrote to you about your post “%(title)s”"),
    ActionKind.LET_IN: _("What you wrote was posted: “%(title)s”"),
    ActionKind.TURN_AWAY: _("What you wrote was not posted: “%(title)s”"),
    ActionKind.SLOW: _("In “%(jam)s” you can post less often for now"),
    ActionKind.UNSLOW: _("In “%(jam)s” you can post as often as others again"),
}


def tell_author(action: Action) -> None:
    """Tells whom it concerns of an action, which has its subject, and its post if it is about one."""
    if action.subject_id is None or action.subject_id == action.by_id:
        return
    what = BY_SITE if action.by_id is None and action.kind == ActionKind.HIDE else action.kind
    name = "moderation:matter_post" if action.post_id else "moderation:matters"
    numbers = [action.post_id] if action.post_id else []
    about = f"action:{action.pk}"
    _tell(MODERATED, action.jam_id, [action.subject_id], about, name, numbers, action=action.pk, what=what)


def tell_held(action: Action, held: HeldPost) -> None:
    """Tells the author of a held post what became of it."""
    _tell(
        MODERATED, held.jam_id, [held.author_id], f"action:{action.pk}", "moderation:matter_held", (held.pk,),
        action=action.pk, what=action.kind, held=held.pk,
    )  # fmt: skip


def tell_flaggers(case: Case) -> None:
    """Tells those whose flags were settled with this case. One query, before the commit."""
    settled = Flag.objects.filter(case=case, member__isnull=False).exclude(state=FlagState.OPEN)
    by_state: dict[str, list[int]] = {}
    for state, member in settled.values_list("state", "member"):
        by_state.setdefault(state, []).append(member)
    for state, members in by_state.items():
        assert case.post_id is not None
        about = f"case:{case.pk}"
        _tell(FLAGGED, case.jam_id, members, about, "threads:post", (case.post_id,), post=case.post_id, state=state)


def tell_answer(message: Message) -> None:
    talk = message.talk
    about = f"message:{message.pk}"
    _tell(ANSWERED, talk.jam_id, [talk.member_id], about, "moderation:matter_talk", (talk.pk,), message=message.pk)


def tell_suspended(action: Action) -> None:
    """Tells who was suspended from the jam, or is no longer."""
    assert action.subject_id is not None
    about = f"action:{action.pk}"
    _tell(SUSPENDED, action.jam_id, [action.subject_id], about, "moderation:suspended", (), action=action.pk,
          what=action.kind)  # fmt: skip


def mail_suspended_from_site(person: Person, action: Action) -> None:
    """Tells by mail who cannot sign in to be told."""
    if person.email:
        transaction.on_commit(partial(_mail, person, action.reason), robust=True)


def _mail(person: Person, reason: str) -> None:
    with languages.of(person, otherwise=settings.LANGUAGE_CODE):
        said = gettext("Those who run the site suspended your account.")
        if person.suspended_until is not None:
            at = timezone.localtime(person.suspended_until, ZoneInfo(person.time_zone or "UTC"))
            said += " " + gettext("You can sign in again from %(when)s.") % {"when": time_words.full(at)}
        words = f"{said}\n\n{reason}\n\n{settings.SITE_URL}\n"
        EmailMessage(gettext("Your account is suspended"), words, to=[person.email or ""]).send()


def _tell(
    kind: str, jam_id: int, members: Iterable[int], about: str, page: str, numbers: Sequence[int], **data: str | int
) -> None:
    slug = Jam.objects.values_list("slug", flat=True).get(pk=jam_id)
    path = reverse(page, args=[slug, *numbers])
    sends = partial(notify, kind=kind, jam_id=jam_id, to=list(members), about=about, path=path, data=data)
    transaction.on_commit(sends, robust=True)


def look(rows: Sequence[Notification]) -> Mapping[int, Standing]:
    """The reason of each action as it was given, with the words of the author's own post. Two queries."""
    found = Action.objects.select_related("post").in_bulk([int(row.data["action"]) for row in rows])
    held = HeldPost.objects.in_bulk([int(row.data["held"]) for row in rows if "held" in row.data])
    return {
        row.pk: _standing(found.get(int(row.data["action"])), held.get(int(row.data.get("held", 0)))) for row in rows
    }


def _standing(action: Action | None, held: HeldPost | None) -> Standing:
    if action is None:
        return Standing(gone=True)
    about = held or action.post
    title = (about.subject or excerpt(about.html, TITLE_LENGTH)) if about else ""
    return Standing(title=title, excerpt=reasons.say(action.reason))


def look_at_messages(rows: Sequence[Notification]) -> Mapping[int, Standing]:
    """One query."""
    found = Message.objects.in_bulk([int(row.data["message"]) for row in rows])
    words = {number: message.words for number, message in found.items()}
    return {
        row.pk: Standing(gone=int(row.data["message"]) not in words, excerpt=words.get(int(row.data["message"]), ""))
        for row in rows
    }


def moderated_sentence(news: News) -> str:
    words = {"title": isolated(news.title), "jam": isolated(news.jam)}
    return str(SENTENCES.get(str(news.data["what"]), _("Something was done about your post “%(title)s”"))) % words


def flagged_sentence(news: News) -> str:
    if news.data["state"] == FlagState.UPHELD:
        return gettext("A facilitator looked at the post that you flagged, and did something about it. Thank you.")
    return gettext("A facilitator looked at the post that you flagged, and left it as it is.")


def answered_sentence(news: News) -> str:
    return gettext("The facilitators of “%(jam)s” answered you") % {"jam": isolated(news.jam)}


def suspended_sentence(news: News) -> str:
    words = {"jam": isolated(news.jam)}
    if news.data["what"] == ActionKind.LIFT:
        return gettext("You are no longer suspended from “%(jam)s”") % words
    return gettext("You are suspended from “%(jam)s”") % words


declare(
    MODERATED,
    label=_("Facilitators do something about a post of yours"),
    sentence=moderated_sentence,
    mail=Mail.ONCE,
    push=True,
    look=look,
    before_reading=True,
    position=12,
)
declare(
    ANSWERED,
    label=_("Facilitators answer you"),
    sentence=answered_sentence,
    mail=Mail.ONCE,
    push=True,
    look=look_at_messages,
    before_reading=True,
    to_suspended=True,
    position=13,
)
declare(
    FLAGGED,
    label=_("A post that you flagged was looked at"),
    sentence=flagged_sentence,
    position=60,
)
declare(
    SUSPENDED,
    label=_("You are suspended, or no longer"),
    sentence=suspended_sentence,
    mail=Mail.ONCE,
    look=look,
    before_reading=True,
    to_suspended=True,
    position=14,
)
