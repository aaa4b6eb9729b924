"""What a person wrote, checked and rendered before it is kept: for a new post, a changed one, a preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from jam.domain.errors import Invalid
from jam.domain.rendering import to_html
from jam.domain.text import clean_line, clean_text, is_blank
from jam.models import Member
from threads.domain import images, mentions
from threads.models import BODY_MAX, SUBJECT_MAX, TAG_MAX, TAGS_MAX

REQUEST_KEY_MAX = 100


@dataclass(frozen=True)
class Written:
    """What a person wrote, checked. `mentioned` are the numbers of the members whom it names, each once;
    `images` are the keys of the pictures that it shows.
    """

    subject: str
    body: str
    html: str
    tags: list[str]
    request_key: str | None = None
    mentioned: tuple[int, ...] = ()
    images: tuple[str, ...] = ()


def check(
    *,
    member: Member,
    body: str,
    subject: str = "",
    tags: Sequence[str] = (),
    request_key: str | None = None,
    thread_id: int | None = None,
    picked: Sequence[int] = (),
    post_id: int | None = None,
) -> Written:
    """What `member` wrote for the thread (None: a new one), as it will be kept.

    `picked` are the members whom the writer chose for names that several have; `post_id` is the post that it changes.
    Raises Invalid, naming the field. Asks the database only where the text may name somebody or show a picture.
    """
    subject = clean_line(subject, field="subject", name=gettext("The subject"), limit=SUBJECT_MAX)
    body = clean_text(body, field="body", name=gettext("The text"), limit=BODY_MAX)
    pictures = images.shown_by(body, member=member, post_id=post_id)
    named = mentions.find(body, member=member, thread_id=thread_id, picked=picked)
    html = "" if is_blank(body) else to_html(body, mentions=named.addresses, images=pictures)
    if not html:
        raise Invalid(gettext("Write something before you post."), code="required", field="body")
    if request_key is not None and not 1 <= len(request_key) <= REQUEST_KEY_MAX:
        raise Invalid(
            gettext("An idempotency key is 1 to %(limit)s characters long.") % {"limit": REQUEST_KEY_MAX},
            code="idempotency_key",
            field="request_key",
        )
    return Written(
        subject="" if is_blank(subject) else subject,
        body=body,
        html=html,
        tags=clean_tags(tags),
        request_key=request_key,
        mentioned=named.members,
        images=tuple(pictures),
    )


def clean_tags(tags: Sequence[str]) -> list[str]:
    """Tags folded to lower case, each once, in the order given. Raises Invalid for too many or too long ones."""
    cleaned: list[str] = []
    for tag in tags:
        line = clean_line(tag.replace("#", " "), field="tags", name=gettext("A tag"), limit=TAG_MAX).casefold()
        if ";" in line:
            raise Invalid(gettext("A tag cannot hold a semicolon."), code="tags", field="tags")
        if line and not is_blank(line) and line not in cleaned:
            cleaned.append(line)
    if len(cleaned) > TAGS_MAX:
        raise Invalid(
            gettext("A post can have %(limit)s tags; this has %(count)s.") % {"limit": TAGS_MAX, "count": len(cleaned)},
            code="too_many",
            field="tags",
        )
    return cleaned
