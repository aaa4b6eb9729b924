"""What people are told of posts: the kinds of notifications of this floor, and how it is now with such a post."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from jam.domain.rendering import excerpt
from notifications.domain.kinds import News, Standing, declare, isolated
from notifications.models import Mail, Notification
from threads.domain import highlight_notices, moving_notices, outcome_notices  # noqa: F401  (declare kinds of their own)
from threads.domain.reading import statement
from threads.models import PostStatus

TITLE_LENGTH = 80
EXCERPT_LENGTH = 200

REPLY, MENTION, THREAD, PERSON, TAG = "reply", "mention", "thread", "person", "tag"

LOOK = statement("""
    SELECT told.id, post.status, post.html, idea.status, idea.subject,
        CASE WHEN idea.subject = '' THEN idea.html ELSE '' END,
        {seen}
    FROM unnest(%(ids)s::bigint[], %(members)s::bigint[], %(posts)s::bigint[]) AS told (id, member, post)
    JOIN threads_post AS post ON post.id = told.post
    JOIN threads_post AS idea ON idea.thread_id = post.thread_id AND idea.parent_id IS NULL
    LEFT JOIN threads_visit AS visit ON visit.member_id = told.member
    CROSS JOIN LATERAL (
        SELECT coalesce(visit.caught_up_to, 0) AS upto, coalesce(visit.caught_up_also, ARRAY[]::bigint[]) AS also
    ) AS own
    LEFT JOIN threads_threadreading AS reading
        ON reading.member_id = told.member AND reading.thread_id = post.thread_id
""")


def look(rows: Sequence[Notification]) -> Mapping[int, Standing]:
    """How it is with the posts that these tell of: gone if the post cannot be read, seen as the reading floor has it
    (`threads.domain.reading`, for many members at once). One query."""
    with connection.cursor() as cursor:
        asked = [(row.pk, row.member_id, int(row.data["post"])) for row in rows]
        ids, members, posts = map(list, zip(*asked, strict=True)) if asked else ([], [], [])
        cursor.execute(LOOK, {"ids": ids, "members": members, "posts": posts})
        found = {row[0]: _standing(*row[1:]) for row in cursor.fetchall()}
    return {row.pk: found.get(row.pk, Standing(gone=True)) for row in rows}


def _standing(status: str, html: str, idea_status: str, subject: str, idea_html: str, seen: bool) -> Standing:
    if status != PostStatus.VISIBLE:
        return Standing(seen=seen, gone=True)
    title = (subject or excerpt(idea_html, TITLE_LENGTH)) if idea_status == PostStatus.VISIBLE else ""
    return Standing(seen=seen, title=title or gettext("an idea that was hidden"), excerpt=excerpt(html, EXCERPT_LENGTH))


def _sentence(one: Any, more: Any) -> Callable[[News], str]:
    """One sentence of who did it alone, another of several; the latter counts those whom it does not name."""

    def sentence(news: News) -> str:
        name = isolated(news.names[0]) if news.names else gettext("Somebody")
        words: dict[str, Any] = {"name": name, "title": isolated(news.title)}
        others = len(news.names) - 1
        return str(one) % words if others < 1 else str(more % {**words, "others": others})

    return sentence


# The most personal first, which is the order in which a post is told of.
declare(
    REPLY,
    label=_("Somebody replies to you"),
    sentence=_sentence(
        _("%(name)s replied to you in “%(title)s”"),
        ngettext_lazy(
            "%(name)s and %(others)d other replied to you in “%(title)s”",
            "%(name)s and %(others)d others replied to you in “%(title)s”",
            "others",
        ),
    ),
    mail=Mail.DAILY,
    push=True,
    group_by="thread",
    look=look,
    position=10,
)
declare(
    MENTION,
    label=_("Somebody names you"),
    sentence=_sentence(
        _("%(name)s named you in “%(title)s”"),
        ngettext_lazy(
            "%(name)s and %(others)d other named you in “%(title)s”",
            "%(name)s and %(others)d others named you in “%(title)s”",
            "others",
        ),
    ),
    mail=Mail.DAILY,
    push=True,
    group_by="thread",
    look=look,
    position=20,
)
declare(
    THREAD,
    label=_("Something is written in a thread that you follow"),
    sentence=_sentence(
        _("%(name)s replied in “%(title)s”, which you follow"),
        ngettext_lazy(
            "%(name)s and %(others)d other replied in “%(title)s”, which you follow",
            "%(name)s and %(others)d others replied in “%(title)s”, which you follow",
            "others",
        ),
    ),
    group_by="thread",
    look=look,
    position=30,
)
declare(
    PERSON,
    label=_("Somebody whom you follow writes"),
    sentence=_sentence(
        _("%(name)s, whom you follow, wrote in “%(title)s”"),
        ngettext_lazy(
            "%(name)s and %(others)d other whom you follow wrote in “%(title)s”",
            "%(name)s and %(others)d others whom you follow wrote in “%(title)s”",
            "others",
        ),
    ),
    group_by="thread",
    look=look,
    position=40,
)
declare(
    TAG,
    label=_("Something is written under a tag that you follow"),
    sentence=_sentence(
        _("%(name)s wrote “%(title)s”, with a tag that you follow"),
        ngettext_lazy(
            "%(name)s and %(others)d other wrote in “%(title)s”, with a tag that you follow",
            "%(name)s and %(others)d others wrote in “%(title)s”, with a tag that you follow",
            "others",
        ),
    ),
    group_by="thread",
    look=look,
    position=50,
)
