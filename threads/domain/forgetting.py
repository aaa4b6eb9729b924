"""What becomes of the words of somebody whose account is deleted, and of their name in the words of others.

Called with a person whose members are still theirs and are called "a former jammer" already (`jam.domain.former`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.html import escape

from accounts.models import Person
from jam.domain import policies
from jam.domain.former import members_of
from jam.domain.rendering import excerpt
from jam.models import Member, OnDeletion
from live.domain.retelling import retell
from threads.domain import events, search_index, tags
from threads.fragments import post_fragment
from threads.models import Image, Mention, Moved, Post, PostImage, PostStatus, Revision

AT_ONCE = 200


def forget_posts(person: Person) -> None:
    """Removes the words of the posts where the jam's rule says so, and has the event log tell of all of them without
    the name. Every post keeps its place, its votes and its replies."""
    for member in members_of(person):
        if policies.of(member.jam).on_deletion == OnDeletion.REMOVE:
            for post in _posts(Q(author=member)):
                _remove_words(post.pk)
        _tell_without_name(member)


def _remove_words(number: int) -> None:
    """Twice is once. Locks the post's row and, at the end, the jam's event counter."""
    with transaction.atomic():
        post = (
            Post.objects.select_related("thread__forum", "author", "jam").select_for_update(of=("self",)).get(pk=number)
        )
        listed = tags.listed(post)
        was_visible = post.is_visible
        post.subject = post.body = post.html = ""
        post.tags, post.edited_at = [], None
        post.withdrawn_at = post.withdrawn_at or timezone.now()
        if was_visible:
            post.status = PostStatus.WITHDRAWN
        post.save(update_fields=["subject", "body", "html", "tags", "edited_at", "withdrawn_at", "status"])
        Revision.objects.filter(post=post).delete()
        PostImage.objects.filter(post=post).delete()
        Mention.objects.filter(post=post).delete()
        Moved.objects.filter(post=post).update(subject_before="", subject_after="")
        search_index.add(post.pk)
        tags.move(post, was=listed, now=tags.listed(post))
        if was_visible:
            events.post_withdrawn(post)


def forget_pictures(person: Person) -> None:
    """Removes the pictures that no post shows any more: those of a jam whose rule removes posts, and those that were
    sent and never posted."""
    for image in Image.objects.filter(member__person=person, shown_in=None).order_by("pk"):
        with transaction.atomic():
            gone, _ = Image.objects.filter(pk=image.pk, shown_in=None).delete()
            if gone:
                transaction.on_commit(lambda name=image.file.name: default_storage.delete(name))  # type: ignore[misc]


def forget_mentions(person: Person) -> None:
    """Takes the name out of what others wrote, where it was typed as a name: out of the text, its earlier versions, and
    what is shown of them; then out of the event log."""
    for member in members_of(person):
        named = Post.objects.filter(mentions__member=member)
        for post in named.order_by("pk").iterator(chunk_size=AT_ONCE):
            with transaction.atomic():
                held = Post.objects.select_for_update().get(pk=post.pk)
                typed = _typed(held.html, member)
                for old in Revision.objects.filter(post=held):
                    typed |= _typed(old.html, member)
                    _unname(old, typed, member)
                _unname(held, typed, member)
                search_index.add(held.pk)
        _tell_without_name(member)
        Mention.objects.filter(member=member).delete()


def _link(member: Member) -> re.Pattern[str]:
    """The link of a name in a text, as `jam.domain.rendering` writes it."""
    return re.compile(rf'<a\b[^>]*\bhref="[^"]*/people/{member.pk}/"[^>]*>(@[^<]*)</a>')


def _typed(html: str, member: Member) -> set[str]:
    return set(_link(member).findall(html))


def _unname(text: Post | Revision, typed: Iterable[str], member: Member) -> None:
    """Twice is once: the link is gone then, and nothing was typed."""
    former = f"@{member.name}"
    html = _link(member).sub(escape(former), text.html)
    body = text.body
    for name in sorted(typed, key=len, reverse=True):
        for written in {name, _unescaped(name)}:
            body = re.sub(rf"{re.escape(written)}(?!\w)", lambda _: former, body, flags=re.IGNORECASE)
    if (html, body) != (text.html, text.body):
        text.html, text.body = html, body
        text.save(update_fields=["html", "body"])


def _unescaped(text: str) -> str:
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def _posts(which: Q) -> Iterable[Post]:
    return Post.objects.filter(which).order_by("pk").iterator(chunk_size=AT_ONCE)


def _tell_without_name(member: Member) -> None:
    """Has the log tell of what the member wrote, of what answers it and of what names them as these are now."""
    about = Q(author=member) | Q(parent__author=member) | Q(mentions__member=member)
    numbers = set(Post.objects.filter(about).values_list("pk", flat=True))

    def change(data: dict[str, Any], html: str) -> tuple[dict[str, Any], str]:
        data = _without_name(data, member)
        post = _post(data.get("post")) if data.get("post") in numbers else None
        if post is None:
            return data, html
        words = post.is_visible
        data |= {"subject": post.subject if words else ""} if "subject" in data else {}
        data |= {"excerpt": excerpt(post.html) if words else ""} if "excerpt" in data else {}
        return data, post_fragment(post=post, author=post.author) if html else html

    retell(
        jam_key=member.jam_id,
        marks=[f'"id": {member.pk}, "name"', f"/people/{member.pk}/"],
        field="post",
        numbers=sorted(numbers),
        change=change,
    )


def _post(number: Any) -> Post | None:
    return Post.objects.select_related("author", "parent__author", "jam", "thread").filter(pk=number).first()


def _without_name(data: Any, member: Member) -> Any:
    """`data` with the name of the member, wherever there is `{"id": …, "name": …}` of them, as it is now."""
    if isinstance(data, list):
        return [_without_name(one, member) for one in data]
    if not isinstance(data, dict):
        return data
    if data.keys() == {"id", "name"} and data["id"] == member.pk:
        return {"id": member.pk, "name": member.name}
    return {key: _without_name(value, member) for key, value in data.items()}
