"""A jam with one of everything, and what is somebody's own in it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image as Pixels

from jam.domain import (
    announcements,
    feed_keys,
    guest_hours,
    invitation_links,
    inviting,
    planned_polls,
    polls,
    shared_links,
)
from jam.domain.inviting import ListPlan
from jam.domain.rendering import picture_markdown
from jam.models import Forum, Invitation, Jam, JoinRequest, LookPicture, Member, Role
from moderation.domain import flags, talks
from moderation.domain.record import record
from moderation.models import ActionKind, FlagKind, HeldPost, Shift
from notifications.domain import unsubscribing
from notifications.models import Notification
from tests.cast import make_forum, make_jam, make_member, make_person
from threads.domain import collections, drafts, editing, images, moving, outcomes, posting
from threads.models import Post, PostStatus, Theme

HOUR = timedelta(hours=1)


@dataclass
class Place:
    """A jam, and the numbers of what is in it, as addresses have them."""

    jam: Jam
    runner: Member
    numbers: dict[str, Any] = field(default_factory=dict)


def furnish(slug: str, topic: str) -> Place:
    """An open jam with one of everything."""
    jam = make_jam(slug)
    forum = make_forum(jam, topic)
    writer = make_member(jam, make_person(f"Writer-{slug}"))
    runner = make_member(jam, make_person(f"Runner-{slug}"), Role.ADMIN)
    guest = make_member(jam, make_person(f"Visitor-{slug}"), Role.GUEST)
    idea = posting.start_thread(member=writer, forum=forum, subject="A lamp", body="So that boats find home.")
    numbers = {
        "slug": slug,
        "forum_id": forum.pk,
        "thread_id": idea.thread_id,
        "member_id": writer.pk,
        "person_id": writer.person_id,
        "guest_name": guest.name,
        "feed_member_id": writer.pk,
        "feed_key": feed_keys.renew(member=writer),
        "theme_id": Theme.objects.create(jam=jam, words=["lamp"], idea_count=1).pk,
        "colours": "00766d",
        "language": "de",
        "stamp": "-",
        "step_name": "words",
        "log_kind": "csv",
        "token": unsubscribing.token(writer.person_id, "daily"),
    }
    outcomes.set_outcome(member=runner, thread=idea.thread, state="planned", words="Soon.")
    numbers |= (
        written(writer, idea) | occasions(runner, guest, forum) | door(jam, runner) | trouble(runner, guest, idea)
    )
    return Place(jam, runner, numbers | own_things(writer, Post.objects.get(pk=numbers["post_id"]), runner))


def picture() -> SimpleUploadedFile:
    file = io.BytesIO()
    Pixels.new("RGB", (8, 8), "teal").save(file, "PNG")
    return SimpleUploadedFile("dot.png", file.getvalue(), content_type="image/png")


def written(writer: Member, idea: Post) -> dict[str, Any]:
    """Posts as there are, a picture in one of them and a collection that is shared."""
    other = posting.start_thread(member=writer, forum=idea.thread.forum, subject="A horn", body="For the fog.")
    reply = posting.reply(member=writer, parent=idea, body="And one on the mole.")
    hidden = posting.reply(member=writer, parent=idea, body="Buy lamps.")
    Post.objects.filter(pk=hidden.pk).update(status=PostStatus.HIDDEN)
    image = images.add(member=writer, file=picture(), alt="A dot")
    posting.reply(member=writer, parent=idea, body=picture_markdown(image.key, "A dot"))
    look = LookPicture.objects.create(jam=writer.jam, kind="logo", file=image.file.name, width=8, height=8)
    collection = collections.make(member=writer, title="Kept")
    collections.add(collection=collection, post=idea)
    collections.share(collection=collection)
    collection.refresh_from_db()
    return {
        "post_id": reply.pk,
        "other_post_id": other.pk,
        "post_version": editing.version_of(reply),
        "hidden_id": hidden.pk,
        "image_key": image.key,
        "look_key": look.key,
        "share_key": collection.share_key,
    }


def occasions(runner: Member, guest: Member, forum: Forum) -> dict[str, Any]:
    at = timezone.now() + HOUR
    poll = polls.make(member=runner, plan=polls.PollPlan(question="Which?", choices=["One", "Two"], forum=forum))
    later = polls.PollPlan(question="And then?", choices=["One", "Two"], forum=forum)
    hour = guest_hours.HourPlan(guest, at, at + HOUR, "Lamps", forum)
    shift = Shift.objects.create(jam=runner.jam, member=runner, starts_at=at + 30 * HOUR, ends_at=at + 31 * HOUR)
    return {
        "poll_id": poll.pk,
        "choice_id": poll.choices.all()[0].pk,
        "planned_id": planned_polls.plan(member=runner, plan=later, starts_at=at).pk,
        "announcement_id": announcements.make(member=runner, words="Lunch.", forum=forum).pk,
        "hour_id": guest_hours.put(member=runner, plan=hour).pk,
        "shift_id": shift.pk,
    }


def door(jam: Jam, runner: Member) -> dict[str, Any]:
    link = shared_links.make(jam=jam, by=runner, words="", most=None, expires_at=None)
    address = f"invited@{jam.slug}.example"
    sent = inviting.make_list(jam=jam, by=runner, plan=ListPlan(content=address.encode(), name="One"))
    asks = make_person(f"Asker-{jam.slug}")
    return {
        "link_id": link.pk,
        "link_token": invitation_links.token_of(link),
        "list_id": sent.pk,
        "invitation_id": Invitation.objects.get(list=sent).pk,
        "request_id": JoinRequest.objects.create(jam=jam, person=asks, words="Please.").pk,
    }


def trouble(runner: Member, guest: Member, idea: Post) -> dict[str, Any]:
    flagged = flags.flag(member=guest, post=idea, kind=FlagKind.OTHER, words="It sells lamps.")
    aside, below = (posting.reply(member=guest, parent=idea, body=body) for body in ("Aside.", "And below."))
    move = moving.move_branch(member=runner, post=below, under=aside)
    return {"case_id": flagged.case_id, "move_id": move.pk}


def own_things(member: Member, parent: Post, runner: Member) -> dict[str, Any]:
    """Something of a member's own of each sort, written while they could."""
    post = posting.reply(member=member, parent=parent, body=f"A bell would do, says {member.name}.")
    withdrawn = posting.reply(member=member, parent=parent, body=f"No, says {member.name}.")
    Post.objects.filter(pk=withdrawn.pk).update(status=PostStatus.WITHDRAWN, withdrawn_at=timezone.now())
    record(jam=member.jam, by=runner, kind=ActionKind.WARN, reason="Calm.", post=post, subject=member)
    collection = collections.make(member=member, title="Mine")
    collections.add(collection=collection, post=parent)
    draft = drafts.save(member=member, place=drafts.reply_place(parent), subject="", body="Half", tags="")
    assert draft is not None
    held = HeldPost.objects.create(
        jam=member.jam, author=member, parent=parent, body="Wait.", digest=str(member.pk), reason="New here"
    )
    return {
        "own_post_id": post.pk,
        "own_version": editing.version_of(post),
        "withdrawn_id": withdrawn.pk,
        "collection_id": collection.pk,
        "draft_id": draft.pk,
        "held_id": held.pk,
        "talk_id": talks.write(member=member, words="Hello?").talk_id,
        "own_notification_id": tell(member),
    }


def tell(member: Member) -> int:
    told = Notification.objects.create(
        person=member.person,
        member=member,
        kind="closing",
        about="closing",
        path="/",
        data={"at": "2030-01-01T00:00:00+00:00"},
    )
    return int(told.pk)
