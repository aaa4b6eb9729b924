"""Sending something: what is taken, what is refused and how, and that nothing typed is lost."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from jam.models import Door, Jam
from moderation.domain import posts as moderation
from tests.cast import Cast, close_by_clock, set_window
from tests.threads.test_views import at, body_of, browser
from threads.domain import drafts, voting
from threads.models import BODY_MAX, SUBJECT_MAX, Draft, Post, Thread, Vote

JSON = {"Accept": "application/json"}


def send(client: Client, url: str, json: bool = False, **data: Any) -> HttpResponse:
    return client.post(url, data, headers=JSON if json else {})


def text_of(response: HttpResponse) -> str:
    return html.unescape(response.content.decode())


# --- what is taken ---


def test_an_idea_is_posted_and_shown(cast: Cast) -> None:
    response = send(
        browser(cast.ana),
        at(cast.jam, "start", cast.harbour.pk),
        subject="A lamp",
        body="On the **pier**.",
        tags="Light, #pier ,, light",
        request_key=str(uuid4()),
    )
    idea = Post.objects.get()
    assert (response.status_code, response["Location"]) == (302, at(cast.jam, "detail", idea.thread_id))
    assert (idea.subject, idea.tags, idea.author, idea.thread.forum) == (
        "A lamp",
        ["light", "pier"],
        cast.ana,
        cast.harbour,
    )
    assert "On the <strong>pier</strong>." in body_of(browser(cast.ben), response["Location"])


def test_a_reply_is_posted_and_its_author_led_to_it(cast: Cast) -> None:
    idea = cast.idea()
    response = send(browser(cast.ben), at(cast.jam, "reply", idea.pk), body="Yes.\r\nTwo lines.", request_key="a")
    reply = Post.objects.get(parent=idea)
    assert response["Location"] == f"{at(cast.jam, 'detail', idea.thread_id)}#post-{reply.pk}"
    assert reply.body == "Yes.\nTwo lines."


def test_a_module_gets_the_reply_as_json(cast: Cast) -> None:
    idea = cast.idea()
    response = send(browser(cast.ben), at(cast.jam, "reply", idea.pk), json=True, body="Yes.", request_key="a")
    reply = Post.objects.get(parent=idea)
    answer = response.json()
    assert response.status_code == 201
    assert answer["post"] == reply.pk
    assert f'id="post-{reply.pk}"' in answer["html"]


@pytest.mark.parametrize("json", [False, True])
def test_a_form_sent_twice_is_one_post(cast: Cast, json: bool) -> None:
    idea = cast.idea()
    client, url, key = browser(cast.ben), at(cast.jam, "reply", idea.pk), str(uuid4())
    first, second = (send(client, url, json=json, body="Yes.", request_key=key) for _ in range(2))
    assert first.status_code == second.status_code
    assert first.headers.get("Location") == second.headers.get("Location")
    assert Post.objects.filter(parent=idea).count() == 1


def test_a_form_sent_again_after_the_close_leads_to_what_was_posted(cast: Cast) -> None:
    idea = cast.idea()
    client, url = browser(cast.ben), at(cast.jam, "reply", idea.pk)
    first = send(client, url, body="Yes.", request_key="a")
    close_by_clock(cast.jam)
    assert send(client, url, body="Yes.", request_key="a")["Location"] == first["Location"]
    assert not Draft.objects.exists()


def test_a_form_that_was_used_for_another_text_keeps_the_new_one_and_gets_a_new_key(cast: Cast) -> None:
    """The back button shows the sent form again, and somebody writes something else into it."""
    idea = cast.idea()
    client, url = browser(cast.ben), at(cast.jam, "reply", idea.pk)
    send(client, url, body="Yes.", request_key="a")
    response = send(client, url, body="And another thing.", request_key="a")
    assert response.status_code == 409
    assert "And another thing." in text_of(response)
    key = response.context["form"]["request_key"].value()
    assert key != "a"
    assert send(client, url, body="And another thing.", request_key=key).status_code == 302
    assert Post.objects.filter(parent=idea).count() == 2


def test_posting_throws_away_the_draft_for_the_place(cast: Cast) -> None:
    idea = cast.idea()
    drafts.save(member=cast.ben, place=drafts.reply_place(idea), body="Half a thought", late=True)
    client, url = browser(cast.ben), at(cast.jam, "reply", idea.pk)
    assert "Half a thought" in body_of(client, url)
    send(client, url, body="A whole one.", request_key="a")
    assert not Draft.objects.exists()


# --- what is refused, beside its field, with the text kept ---

BAD_BODIES = {
    "empty": ("", "Write something before you post."),
    "blank": (" \n\t \u200b\u2060 ", "Write something before you post."),
    "huge": ("x" * (BODY_MAX + 1), "The text can be 20,000 characters long; this is 20,001."),
    "control character": ("before\x07after", "a character that cannot be shown (U+0007) after “before”"),
    "nul": ("before\x00after", "a character that cannot be shown (U+0000) after “before”"),
}


@pytest.mark.parametrize(("body", "message"), BAD_BODIES.values(), ids=BAD_BODIES.keys())
@pytest.mark.parametrize("what", ["reply", "start"])
def test_a_text_that_cannot_be_taken_comes_back_with_the_reason(cast: Cast, what: str, body: str, message: str) -> None:
    number = cast.idea().pk if what == "reply" else cast.harbour.pk
    before = Post.objects.count()
    response = send(browser(cast.ben), at(cast.jam, what, number), subject="A subject", body=body, request_key="a")
    assert response.status_code == 422
    assert message in str(response.context["form"].errors["body"])
    assert message in text_of(response)
    assert response.context["form"]["body"].value() == body
    assert Post.objects.count() == before
    if what == "start":
        assert 'value="A subject"' in text_of(response)
    answer = send(browser(cast.ben), at(cast.jam, what, number), json=True, subject="A subject", body=body)
    assert answer.status_code == 422
    assert message in answer.json()["errors"]["body"][0]


BAD_IDEAS: dict[str, tuple[dict[str, str], str, str]] = {
    "no subject": ({"subject": ""}, "subject", "Give your idea a subject."),
    "a blank subject": ({"subject": " \u200b "}, "subject", "Give your idea a subject."),
    "a long subject": ({"subject": "x" * (SUBJECT_MAX + 1)}, "subject", "can be 200 characters long; this is 201."),
    "a subject with a bell": ({"subject": "ding\x07"}, "subject", "U+0007"),
    "many tags": ({"tags": ",".join("abcdefghi")}, "tags", "A post can have 8 tags; this has 9."),
    "a long tag": ({"tags": "x" * 41}, "tags", "A tag can be 40 characters long; this is 41."),
}


@pytest.mark.parametrize(("data", "field", "message"), BAD_IDEAS.values(), ids=BAD_IDEAS.keys())
def test_an_idea_that_cannot_be_taken_comes_back_with_the_reason(
    cast: Cast, data: dict[str, str], field: str, message: str
) -> None:
    sent = {"subject": "A lamp", "body": "On the pier.", "tags": "", "request_key": "a"} | data
    response = send(browser(cast.ana), at(cast.jam, "start", cast.harbour.pk), **sent)
    assert response.status_code == 422
    assert message in str(response.context["form"].errors[field][0])
    assert "On the pier." in text_of(response)
    assert (Thread.objects.count(), Post.objects.count()) == (0, 0)


def test_a_key_that_is_no_key_loses_no_text(cast: Cast) -> None:
    idea = cast.idea()
    response = send(browser(cast.ben), at(cast.jam, "reply", idea.pk), body="Yes.", request_key="k" * 101)
    assert response.status_code == 422
    assert "Yes." in text_of(response)
    assert len(response.context["form"]["request_key"].value()) == 36


def test_more_than_a_request_holds_is_refused(cast: Cast) -> None:
    idea = cast.idea()
    assert send(browser(cast.ben), at(cast.jam, "reply", idea.pk), body="x" * 2_000_000).status_code in (400, 413)


# --- what is hostile is shown as text ---

HOSTILE = {
    "script": ("<script>alert(1)</script>", "<script>alert"),
    "style": ("<style>body{display:none}</style>", "<style>body"),
    "handler": ('<img src=x onerror="alert(1)">', "<img"),
    "iframe": ("<iframe src=//evil.example></iframe>", "<iframe"),
    "javascript link": ("[a](javascript:alert(1))", 'href="javascript'),
    "data link": ("[a](data:text/html;base64,PHN2Zz4=)", 'href="data'),
    "entity link": ("[a](java&#115;cript:alert(1))", 'href="java'),
    "closing tags": ("</article></ol></main><h1>mine</h1>", "<h1>mine"),
}


@pytest.mark.parametrize(("body", "never"), HOSTILE.values(), ids=HOSTILE.keys())
def test_markup_in_a_text_does_nothing(cast: Cast, body: str, never: str) -> None:
    idea = cast.idea()
    send(browser(cast.ben), at(cast.jam, "reply", idea.pk), body=body, request_key="a")
    page = body_of(browser(cast.ana), at(cast.jam, "detail", idea.thread_id))
    assert never not in page
    home = body_of(browser(cast.ana), at(cast.jam, "home"))
    assert never not in home


def test_markup_in_a_subject_a_tag_and_a_name_does_nothing(cast: Cast) -> None:
    evil = '"><script>x</script>'
    cast.ana.name = evil
    cast.ana.save()
    send(browser(cast.ana), at(cast.jam, "start", cast.harbour.pk), subject=evil, body=evil, tags=evil, request_key="a")
    idea = Post.objects.get()
    cast.reply(cast.reply(idea, by=cast.ana), by=cast.ben)
    for url in (
        at(cast.jam, "home"),
        at(cast.jam, "forum", cast.harbour.pk),
        at(cast.jam, "detail", idea.thread_id),
        at(cast.jam, "reply", idea.pk),
    ):
        assert "<script>x" not in body_of(browser(cast.ben), url)


def test_marks_for_right_to_left_stay_within_what_somebody_wrote(cast: Cast) -> None:
    """An override that is never closed must not turn the page around: text and names stand in elements of their own."""
    cast.ben.name = "Ben\u202e"
    cast.ben.save()
    idea = cast.idea(subject="שלום \u202e עולם")
    reply = cast.reply(idea, body="\u202eevil")
    page = body_of(browser(cast.ana), at(cast.jam, "detail", idea.thread_id))
    assert '<bdi class="post-author">Ben\u202e</bdi>' in page
    assert '<div class="prose" lang="en" dir="auto"><p dir="auto">\u202eevil</p></div>' in page
    assert f'id="post-{reply.pk}"' in page


# --- who may not, and when ---


def test_who_was_signed_out_meanwhile_gets_the_text_back(cast: Cast) -> None:
    idea = cast.idea()
    url = at(cast.jam, "reply", idea.pk)
    response = send(Client(), url, body="Hours of <work>")
    assert response.status_code == 403
    assert "Hours of <work>" in text_of(response)
    assert f'href="/accounts/login/?next={url}"' in text_of(response)
    assert send(Client(), url, body=" ")["Location"] == f"/accounts/login/?next={url}"
    assert Post.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "status", "json"),
    [(None, 302, True), *((who, 403, json) for who in ("zoe", "ned", "omar") for json in (False, True))],
)
def test_only_a_member_who_writes_writes(cast: Cast, who: str | None, status: int, json: bool) -> None:
    idea = cast.idea()
    client = browser(getattr(cast, who) if who else None)
    for name, number, data in (
        ("reply", idea.pk, {"body": "Yes.", "request_key": "a"}),
        ("start", cast.harbour.pk, {"subject": "S", "body": "B", "request_key": "b"}),
        ("vote", idea.pk, {"value": "1"}),
    ):
        assert send(client, at(cast.jam, name, number), json=json, **data).status_code == status, name
    assert (Post.objects.count(), Vote.objects.count()) == (1, 0)


def test_a_forum_and_a_post_of_another_jam_are_not_there(cast: Cast) -> None:
    idea = cast.idea()
    client = browser(cast.ned)
    assert send(client, at(cast.other, "start", cast.harbour.pk), subject="S", body="B").status_code == 404
    assert send(client, at(cast.other, "reply", idea.pk), body="B").status_code == 404
    assert send(client, at(cast.other, "vote", idea.pk), value="1").status_code == 404
    assert send(client, at(cast.other, "favourite", idea.pk), keep="1").status_code == 404
    for place in (f"forum:{cast.harbour.pk}", f"post:{idea.pk}"):
        assert send(client, at(cast.other, "drafts"), place=place, body="B").status_code == 404
    assert Post.objects.count() == 1


def test_a_parent_that_was_hidden_meanwhile_loses_no_text(cast: Cast) -> None:
    idea = cast.idea()
    reply = cast.reply(idea, body="Something rash.")
    moderation.hide(member=cast.fay, post=reply, reason="rash")
    response = send(browser(cast.ana), at(cast.jam, "reply", reply.pk), body="A long answer.", request_key="a")
    assert response.status_code == 409
    assert "The post that you answer was hidden meanwhile." in text_of(response)
    assert "A long answer." in text_of(response)
    assert "Something rash." not in text_of(response)


@pytest.mark.parametrize(
    "reading", [None, timedelta(), timedelta(hours=1)], ids=["reading", "over", "an hour of reading"]
)
@pytest.mark.parametrize("json", [False, True])
def test_a_jam_that_closed_while_typing_keeps_the_text_in_the_drafts(
    cast: Cast, reading: timedelta | None, json: bool
) -> None:
    idea = cast.idea()
    set_window(cast.jam, opens_in=-timedelta(hours=2), closes_in=-timedelta(seconds=1))
    if reading is not None:
        cast.jam.reading_until = cast.jam.closes_at + reading
        cast.jam.save()
    for name, number, thing in (("reply", idea.pk, "reply"), ("start", cast.harbour.pk, "idea")):
        response = send(
            browser(cast.ben),
            at(cast.jam, name, number),
            json=json,
            subject="A last",
            body="A last word.",
            request_key="a",
        )
        assert response.status_code == 409
        message = response.json()["message"] if json else text_of(response)
        assert "The jam closed " in message
        assert f"Your {thing} was not posted; it is kept in your drafts." in message
        assert json or "A last word." in message
    assert [(draft.body, draft.late) for draft in Draft.objects.filter(member=cast.ben)] == [("A last word.", True)] * 2
    assert Post.objects.count() == 1
    page = body_of(browser(cast.ben), at(cast.jam, "drafts"))
    assert page.count("A last word.") == 2
    assert "Continue writing" not in page


def test_who_had_no_part_in_a_jam_that_is_over_does_not_get_in_by_posting(cast: Cast) -> None:
    idea = cast.idea()
    set_window(cast.jam, opens_in=-timedelta(hours=3), closes_in=-timedelta(hours=2), reading_in=-timedelta(hours=1))
    assert send(browser(cast.zoe), at(cast.jam, "reply", idea.pk), body="B").status_code == 404
    response = send(browser(cast.ben), at(cast.jam, "reply", idea.pk), body="B", request_key="a")
    assert "So that boats find" not in text_of(response)


def test_before_the_opening_nothing_is_posted(cast: Cast) -> None:
    set_window(cast.jam, opens_in=timedelta(hours=1), closes_in=timedelta(hours=2))
    response = send(
        browser(cast.fay), at(cast.jam, "start", cast.harbour.pk), subject="S", body="Too early.", request_key="a"
    )
    assert response.status_code == 409
    assert "The jam opens" in text_of(response)
    assert "Too early." in text_of(response)


def test_every_form_wants_its_token(cast: Cast) -> None:
    idea = cast.idea()
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ben.person)
    for name, number in (("reply", idea.pk), ("vote", idea.pk), ("favourite", idea.pk), ("start", cast.harbour.pk)):
        assert client.post(at(cast.jam, name, number), {"body": "B", "value": "1"}).status_code == 403
    voting.cast(member=cast.ben, post=idea, value=1)
    assert Post.objects.count() == 1


def test_a_jam_that_took_its_door_away_takes_nothing(cast: Cast) -> None:
    idea = cast.idea()
    Jam.objects.filter(pk=cast.jam.pk).update(door=Door.INVITATION)
    assert send(browser(cast.zoe), at(cast.jam, "vote", idea.pk), value="1").status_code == 404
