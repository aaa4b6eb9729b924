"""An author changes their post: till when, what stays, what others read and who else may not."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from jam.domain.errors import Conflict, Invalid, NotAllowed, OutsideWindow
from live.domain.queries import changes
from moderation.domain import posts as moderation
from tests.cast import Cast, close_by_clock
from tests.threads.finding import found
from threads.domain import editing, images, posting, voting
from threads.domain.editing import version_of
from threads.models import Mention, Post, Revision, TagCount


def edit(post: Post, body: str = "On the **mole** instead.", **more: Any) -> Post:
    more.setdefault("version", version_of(post))
    return editing.edit(member=more.pop("member", post.author), post=post, body=body, **more)


def told(cast: Cast, post: Post) -> list[dict[str, Any]]:
    """All events as somebody hears them who catches up from the start, with the thread open."""
    rooms = {"pulse", f"thread:{post.thread_id}"}
    entries = changes(jam_key=cast.jam.pk, rooms=rooms, since=0).entries or ()
    return [json.loads(entry.text_for(frozenset(rooms))) for entry in entries]


def age(post: Post, minutes: float) -> None:
    Post.objects.filter(pk=post.pk).update(created_at=post.created_at - timedelta(minutes=minutes))
    post.refresh_from_db()


# --- what changes and what stays --------------------------------------------------------------------------------


def test_it_says_something_else_and_what_it_said_is_kept(cast: Cast) -> None:
    idea = posting.start_thread(
        member=cast.ana, forum=cast.harbour, subject="A lamp", body="On the pier.", tags=["light", "sea"]
    )
    cast.reply(idea)
    voting.cast(member=cast.ben, post=idea, value=1)
    edit(idea, "On the **mole**.", subject="Two lamps", tag_list=["sea", "Mole"])
    idea.refresh_from_db()
    assert (idea.subject, idea.body, idea.tags) == ("Two lamps", "On the **mole**.", ["sea", "mole"])
    assert idea.html == '<p dir="auto">On the <strong>mole</strong>.</p>'
    assert (idea.agree_count, idea.thread.reply_count) == (1, 1)
    earlier = Revision.objects.get()
    assert (earlier.subject, earlier.body, earlier.tags) == ("A lamp", "On the pier.", ["light", "sea"])
    assert earlier.replaced_at == idea.edited_at


def test_what_changes_nothing_leaves_nothing_behind(cast: Cast) -> None:
    idea = cast.idea()
    before = len(told(cast, idea))
    edit(idea, f"  {idea.body} ")
    idea.refresh_from_db()
    assert (idea.edited_at, Revision.objects.count(), len(told(cast, idea))) == (None, 0, before)


def test_search_tags_and_mentions_follow(cast: Cast) -> None:
    idea = posting.start_thread(
        member=cast.ana, forum=cast.harbour, subject="A lamp", body="On the pier, @Ben", tags=["light"]
    )
    edit(idea, "On the mole, @Fay", tag_list=["mole"])

    assert (found(cast, "pier"), found(cast, "mole")) == ([], [idea.pk])
    assert set(Mention.objects.values_list("member__name", flat=True)) == {"Fay"}
    assert dict(TagCount.objects.filter(forum=None).values_list("tag", "count")) == {"light": 0, "mole": 1}


def test_who_catches_up_reads_what_it_says_now(cast: Cast) -> None:
    idea = cast.idea()
    reply = cast.reply(idea)
    other = cast.reply(idea, body="A bell would do.")
    edit(reply)
    created = {event["post"]: event for event in told(cast, reply) if event["kind"] == "post.created"}
    (edited,) = (event for event in told(cast, reply) if event["kind"] == "post.edited")
    assert created[reply.pk]["excerpt"] == edited["excerpt"] == "On the mole instead."
    assert "one on the mole" not in json.dumps(told(cast, reply))
    assert edited["html"] == created[reply.pk]["html"]
    assert created[other.pk]["excerpt"] == "A bell would do."


def test_hidden_afterwards_none_of_its_words_is_told(cast: Cast) -> None:
    reply = cast.reply(cast.idea())
    edit(reply)
    moderation.hide(member=cast.fay, post=reply, reason="rash")
    assert "mole" not in json.dumps([event for event in told(cast, reply) if event.get("post") == reply.pk])


# --- till when, and who -----------------------------------------------------------------------------------------


def test_till_its_time_is_over(cast: Cast) -> None:
    idea = cast.idea()
    age(idea, 14.9)
    edit(idea)
    age(idea, 0.2)
    with pytest.raises(Conflict) as refused:
        edit(idea, "Once more")
    assert refused.value.code == "too_late"
    assert Revision.objects.count() == 1


def test_a_jam_says_how_long_or_never(cast: Cast) -> None:
    idea = cast.idea()
    age(idea, 30)
    cast.jam.edit_minutes = 60
    cast.jam.save()
    edit(idea)
    cast.jam.edit_minutes = 0
    cast.jam.save()
    with pytest.raises(Conflict) as refused:
        edit(cast.idea())
    assert refused.value.code == "too_late"


def test_after_the_close_it_stays(cast: Cast) -> None:
    idea = cast.idea()
    close_by_clock(cast.jam)
    with pytest.raises(OutsideWindow):
        edit(idea)


@pytest.mark.parametrize("who", ["ben", "fay", "ada"])
def test_nobody_changes_anothers(cast: Cast, client: Client, who: str) -> None:
    idea = cast.idea()
    member = getattr(cast, who)
    with pytest.raises(NotAllowed):
        edit(idea, member=member)
    client.force_login(member.person)
    assert client.get(f"/jams/tides/posts/{idea.pk}/edit/").status_code == 404
    assert client.post(f"/jams/tides/posts/{idea.pk}/edit/", {"body": "x"}).status_code == 404
    assert not Revision.objects.exists()


def test_nor_does_a_role_that_reads(cast: Cast) -> None:
    idea = cast.idea(by=cast.ana)
    cast.ana.role = "observer"
    cast.ana.save()
    with pytest.raises(NotAllowed):
        edit(idea, member=cast.ana)


def test_a_hidden_one_stays_as_it_is(cast: Cast) -> None:
    idea = cast.idea()
    moderation.hide(member=cast.fay, post=idea, reason="rash")
    with pytest.raises(Conflict) as refused:
        edit(idea)
    assert refused.value.code == "hidden"


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"body": ""}, "body"),
        ({"body": "x" * 20_001}, "body"),
        ({"body": "x", "subject": " "}, "subject"),
        ({"body": "x", "subject": "x" * 201}, "subject"),
        ({"body": "x", "tag_list": ["a;b"]}, "tags"),
    ],
)
def test_the_checks_are_those_of_writing(cast: Cast, words: dict[str, Any], field: str) -> None:
    idea = cast.idea()
    with pytest.raises(Invalid) as refused:
        edit(idea, **words)
    assert refused.value.field == field


def test_so_often_and_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "REVISIONS_MAX", 2)
    idea = cast.idea()
    for body in ("one", "two"):
        idea = edit(idea, body)
    with pytest.raises(Conflict):
        edit(idea, "three")


def test_of_two_tabs_the_second_is_told(cast: Cast) -> None:
    idea = cast.idea()
    version = version_of(idea)
    edit(idea, "From one tab", version=version)
    with pytest.raises(Conflict) as refused:
        edit(idea, "From the other", version=version)
    assert refused.value.code == "changed"
    idea.refresh_from_db()
    assert idea.body == "From one tab"


# --- the page ---------------------------------------------------------------------------------------------------


def test_the_page_without_javascript(cast: Cast, client: Client) -> None:
    idea = posting.start_thread(
        member=cast.ana, forum=cast.harbour, subject="A lamp", body="On the pier.", tags=["light", "sea"]
    )
    client.force_login(cast.ana.person)
    thread = f"/jams/tides/threads/{idea.thread_id}/"
    assert f'href="/jams/tides/posts/{idea.pk}/edit/"' in client.get(thread).content.decode()
    page = client.get(f"/jams/tides/posts/{idea.pk}/edit/")
    form = page.context["form"]
    typed = {name: form[name].value() for name in ("subject", "body", "tags", "version")}
    assert typed == {"subject": "A lamp", "body": "On the pier.", "tags": "light, sea", "version": "first"}
    answer = client.post(f"/jams/tides/posts/{idea.pk}/edit/", typed | {"body": "On the mole."})
    assert answer["Location"] == f"{thread}#post-{idea.pk}"
    page = client.get(thread).content.decode()
    assert "On the mole." in page
    assert f'class="post-edited" href="/jams/tides/posts/{idea.pk}/history/"' in page


def test_a_reply_keeps_the_subject_that_its_form_does_not_show(cast: Cast, client: Client) -> None:
    reply = posting.reply(member=cast.ben, parent=cast.idea(), subject="A word", body="Yes.", tags=["sea"])
    client.force_login(cast.ben.person)
    client.post(f"/jams/tides/posts/{reply.pk}/edit/", {"body": "No.", "tags": "sea", "version": "first"})
    reply.refresh_from_db()
    assert (reply.subject, reply.body, reply.tags) == ("A word", "No.", ["sea"])


def test_a_conflict_keeps_what_was_typed_and_can_be_gone_through_with(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    client.force_login(cast.ana.person)
    path = f"/jams/tides/posts/{idea.pk}/edit/"
    typed = {"subject": idea.subject, "body": "From the other tab", "tags": "", "version": "first"}
    edit(idea, "From one tab")
    answer = client.post(path, typed)
    assert answer.status_code == 409
    assert "From the other tab" in answer.content.decode()
    again = answer.context["form"]["version"].value()
    assert client.post(path, typed | {"version": again}).status_code == 302
    idea.refresh_from_db()
    assert idea.body == "From the other tab"
    assert Revision.objects.count() == 2


@pytest.mark.parametrize("late", ["closed", "over", "hidden"])
def test_what_was_typed_too_late_is_still_there(cast: Cast, client: Client, late: str) -> None:
    idea = cast.idea()
    if late == "closed":
        close_by_clock(cast.jam)
    elif late == "over":
        age(idea, 20)
    else:
        moderation.hide(member=cast.fay, post=idea, reason="rash")
    client.force_login(cast.ana.person)
    path = f"/jams/tides/posts/{idea.pk}/edit/"
    answer = client.post(path, {"subject": "x", "body": "Half an hour of work", "version": "first"})
    assert (answer.status_code, "Half an hour of work" in answer.content.decode()) == (409, True)
    assert client.get(path).status_code == 409


def test_the_page_says_what_is_wrong(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    client.force_login(cast.ana.person)
    path = f"/jams/tides/posts/{idea.pk}/edit/"
    for typed, status in (
        ({"subject": "S", "body": "", "version": "first"}, 422),
        ({"subject": "S", "body": "b\x07", "version": "first"}, 422),
        ({"subject": "", "body": "words", "version": "first"}, 422),
        ({"subject": "S", "body": "words"}, 409),
    ):
        assert client.post(path, typed).status_code == status


def test_signed_out_one_gets_back_what_was_typed(cast: Cast, client: Client) -> None:
    answer = client.post(f"/jams/tides/posts/{cast.idea().pk}/edit/", {"body": "Half a sentence"})
    assert (answer.status_code, "Half a sentence" in answer.content.decode()) == (403, True)


def test_through_another_jam_it_is_not_found(cast: Cast, client: Client) -> None:
    foreign = cast.idea(by=cast.ned, forum=cast.elsewhere)
    client.force_login(cast.ana.person)
    for name in ("edit", "withdraw", "history"):
        assert client.get(f"/jams/tides/posts/{foreign.pk}/{name}/").status_code == 404


# --- its history ------------------------------------------------------------------------------------------------


def test_everybody_reads_what_it_said(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    edit(idea, "So that boats find the **harbour**.", subject="A lamp on the mole")
    client.force_login(cast.omar.person)
    path = f"/jams/tides/posts/{idea.pk}/history/"
    page = client.get(path).content.decode()
    assert "pier" in page
    assert page.count("<ins>") == page.count("</ins>") == 3  # mole, the, harbour
    first = client.get(path, {"version": "1"}).content.decode()
    assert ("A lamp on the pier" in first, "<ins>" in first) == (True, False)
    for wrong in ("0", "3", "99999999", "x1"):
        assert client.get(path, {"version": wrong}).status_code == (200 if wrong in ("x1", "99999999") else 404)


def test_who_may_not_read_the_post_reads_no_history(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    edit(idea)
    moderation.hide(member=cast.fay, post=idea, reason="rash")
    path = f"/jams/tides/posts/{idea.pk}/history/"
    for who, status in ((cast.ana, 200), (cast.fay, 200), (cast.ben, 404), (cast.omar, 404)):
        client.force_login(who.person)
        assert client.get(path).status_code == status
    client.logout()
    assert client.get(path).status_code == 302


def test_markup_in_a_history_is_text(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    edit(idea, "<script>alert(1)</script> <ins>not so</ins>")
    client.force_login(cast.ben.person)
    page = client.get(f"/jams/tides/posts/{idea.pk}/history/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;ins&gt;" in page


# --- pictures ---------------------------------------------------------------------------------------------------


def test_a_picture_of_an_earlier_version_is_still_served(
    cast: Cast, client: Client, tmp_path: Any, settings: Any
) -> None:
    from tests.threads.pictures import sent_by, shown

    settings.MEDIA_ROOT = tmp_path
    image = sent_by(cast.ana)
    reply = cast.reply(cast.idea(), by=cast.ana, body=shown(image))
    reply = edit(reply, "Without it")
    client.force_login(cast.ben.person)
    assert client.get(images.address(cast.jam, image.key)).status_code == 200
    assert "<img" in edit(reply, shown(image)).html
