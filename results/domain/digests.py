"""A digest for each member: the page, and the mail that brings it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts import languages
from jam.domain.phases import ClockTimestamp
from jam.domain.rendering import excerpt
from jam.models import Member
from notifications.domain import preferences, unsubscribing
from results.domain import notices
from results.models import Closing, Digest
from threads.models import Favourite, Post, PostStatus, Vote

BATCH = 200
POSTS_SHOWN = 5
REPLIES_SHOWN = 5


def build(closing: Closing) -> Iterator[list[int]]:
    """Makes the digests that are still missing, and yields the ids of each batch of `BATCH` members as it is stored.

    Run twice, also at once, it makes one for each member: a digest that is there is left as it is.
    """
    made = Digest.objects.filter(closing=closing, member=OuterRef("pk"))
    waiting = Member.objects.filter(~Exists(made), jam=closing.jam_id, left_at=None).order_by("pk")
    while batch := list(waiting[:BATCH]):
        contents = _contents(batch)
        Digest.objects.bulk_create(
            [Digest(closing=closing, member=member, content=contents[member.pk]) for member in batch],
            ignore_conflicts=True,
        )
        yield list(unsent(closing).filter(member__in=batch).values_list("pk", flat=True))


def unsent(closing: Closing) -> QuerySet[Digest]:
    """The digests of `closing` that still wait for their mail and can get one: not who left, or is suspended."""
    return Digest.objects.filter(
        Q(member__suspended_at=None) | Q(member__suspended_until__lte=ClockTimestamp()),
        closing=closing,
        mailed_at__isnull=True,
        member__left_at=None,
        member__person__is_active=True,
        member__person__email__isnull=False,
    ).exclude(member__person__in=preferences.without_mail(notices.DIGEST))


def mail(digest_id: int) -> bool:
    """Sends one digest, unless it went out before or goes out elsewhere now. Returns whether it was sent.

    The row is claimed by a conditional UPDATE that must change exactly one row; if the sending fails the claim is given
    back and the error goes on to the caller. A worker that dies between the two leaves a mail unsent, never sent twice.
    """
    now = timezone.now()
    if Digest.objects.filter(pk=digest_id, mailed_at__isnull=True).update(mailed_at=now) != 1:
        return False
    try:
        digest = Digest.objects.select_related("closing__jam", "member__person").get(pk=digest_id)
        _message(digest).send()
    except Exception:
        Digest.objects.filter(pk=digest_id, mailed_at=now).update(mailed_at=None)
        raise
    return True


def page(digest: Digest | None, closing: Closing) -> dict[str, Any]:
    """What the page and the mail show: the jam's part, and the member's own if there is one."""
    return {
        "jam": closing.jam,
        "closing": closing,
        "counts": closing.counts,
        "summary": closing.summary,
        "lists": [
            (title, closing.summary[name])
            for title, name in (
                (gettext("Most agreed with"), "most_agreed"),
                (gettext("Most answered"), "most_answered"),
            )
            if closing.summary.get(name)
        ],
        "mine": None if digest is None else digest.content,
    }


def _message(digest: Digest) -> EmailMultiAlternatives:
    jam, person = digest.closing.jam, digest.member.person
    zone = ZoneInfo(person.time_zone or jam.time_zone)
    with timezone.override(zone), languages.of(person, otherwise=jam.language):
        return _message_here(digest, zone)


def _message_here(digest: Digest, zone: ZoneInfo) -> EmailMultiAlternatives:
    """The mail in the language and the zone that are active."""
    jam, person = digest.closing.jam, digest.member.person
    context = page(digest, digest.closing) | {
        "member": digest.member,
        "site_url": settings.SITE_URL,
        "digest_url": settings.SITE_URL + reverse("results:digest", args=[jam.slug]),
        "zone": zone.key,
        "unsubscribe_url": unsubscribing.url(person.pk, notices.DIGEST),
    }
    html = render_to_string("results/digest_mail.html", context)
    message = EmailMultiAlternatives(
        subject=" ".join((gettext("%(title)s: what came of it") % {"title": jam.title}).split()),
        body=render_to_string("results/digest_mail.txt", context),
        to=[person.email or ""],
        headers={
            # The same mail, sent again by whatever accident, is recognised by its id.
            "Message-ID": f"<digest-{digest.pk}-{digest.closing_id}@{settings.SITE_URL.split('//')[1].split(':')[0]}>",
            "Auto-Submitted": "auto-generated",
            **unsubscribing.headers(person.pk, notices.DIGEST),
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def _contents(members: Sequence[Member]) -> dict[int, dict[str, Any]]:
    """The own part of these members' digests. Four queries, however many they are."""
    contents: dict[int, dict[str, Any]] = {
        member.pk: {
            "posts": [],
            "post_count": 0,
            "replies": [],
            "reply_count": 0,
            "agreed": 0,
            "votes_cast": 0,
            "kept": 0,
        }
        for member in members
    }
    for post in _posts_of(members):
        mine = contents[post.author_id]
        mine["post_count"] += 1
        mine["agreed"] += post.agree_count
        if len(mine["posts"]) < POSTS_SHOWN:
            mine["posts"].append(_card(post) | {"answers": post.answers})  # type: ignore[attr-defined]
    for author, replies in _replies_to(members).items():
        contents[author]["reply_count"] = len(replies)
        contents[author]["replies"] = [_card(reply) for reply in replies[:REPLIES_SHOWN]]
    for name, model in (("votes_cast", Vote), ("kept", Favourite)):
        counted = model.objects.filter(member__in=members).values_list("member").annotate(Count("pk"))
        for member_id, count in counted:
            contents[member_id][name] = count
    return contents


def _posts_of(members: Sequence[Member]) -> Iterator[Post]:
    """Their visible posts, those with most agreement and most answers first."""
    from_others = Q(replies__status=PostStatus.VISIBLE) & ~Q(replies__author=F("author"))
    return (
        Post.objects.filter(author__in=members, status=PostStatus.VISIBLE)
        .annotate(answers=Count("replies", filter=from_others))
        .select_related("author")
        .order_by("-agree_count", "-answers", "pk")
        .iterator()
    )


def _replies_to(members: Sequence[Member]) -> dict[int, list[Post]]:
    """What others answered to their posts, newest first."""
    replies: dict[int, list[Post]] = defaultdict(list)
    answers = (
        Post.objects.filter(parent__author__in=members, status=PostStatus.VISIBLE)
        .exclude(author=F("parent__author"))
        .select_related("author", "parent")
        .order_by("-created_at", "-pk")
    )
    for answer in answers.iterator():
        assert answer.parent is not None
        replies[answer.parent.author_id].append(answer)
    return replies


def _card(post: Post) -> dict[str, Any]:
    return {
        "post": post.pk,
        "title": post.subject or excerpt(post.html, 80),
        "excerpt": excerpt(post.html, 160),
        "author": post.author.name,
        "agree": post.agree_count,
        "disagree": post.disagree_count,
    }
