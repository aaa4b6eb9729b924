"""What a form asks for while somebody writes in it, and drafts that are kept as they are typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, close_by_clock, make_member
from threads.domain import drafts, posting
from threads.domain.quoting import QUOTE_MAX, quotation
from threads.models import Draft, Mention, Post
from threads.views.composing import PREVIEWS_A_MINUTE

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}


def client_of(member: Any) -> Client:
    client = Client()
    client.force_login(member.person)
    return client


def at(cast: Cast, name: str, *arguments: Any) -> str:
    return reverse(f"threads:{name}", args=[cast.jam.slug, *arguments])


def post(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, data, headers=JSON)


# --- preview ---


def test_a_preview_is_what_posting_gives(cast: Cast) -> None:
    idea = cast.idea(by=cast.ana)
    text = "**Yes**, @Ana and @Fay <b>\n\n- one\n- two"
    client = client_of(cast.ben)
    shown = post(client, at(cast, "preview"), body=text, thread=idea.thread_id).json()["html"]
    assert Post.objects.count() == 1
    assert not Mention.objects.exists()
    assert cast.reply(idea, body=text).html == shown
    assert 'class="mention"' in shown


def test_a_preview_of_what_cannot_be_posted_says_why(cast: Cast) -> None:
    client = client_of(cast.ben)
    empty = post(client, at(cast, "preview"), body="  ")
    assert (empty.status_code, empty.json()["message"]) == (422, "Write something before you post.")
    long = post(client, at(cast, "preview"), body="x" * 20_001)
    assert "this is 20,001" in long.json()["message"]
    assert post(client, at(cast, "preview"), body="x", thread="nine", mentions="a,,-1,9" * 99).status_code == 200


def test_who_may_ask(cast: Cast) -> None:
    make_member(cast.other, cast.zoe)
    visitor, outsider = Client(), Client()
    outsider.force_login(cast.zoe)
    for name in ("people_suggest", "tags_suggest", "similar"):
        assert visitor.get(at(cast, name)).status_code == 302
        assert outsider.get(at(cast, name), headers=JSON).status_code == 403
        assert client_of(cast.ben).get(at(cast, name)).status_code == 200
        assert client_of(cast.ben).post(at(cast, name)).status_code == 405
        assert client_of(cast.ben).get(f"/jams/nowhere/{name.replace('_', '/')}/").status_code == 404
    assert post(visitor, at(cast, "preview"), body="x").status_code == 302
    assert post(outsider, at(cast, "preview"), body="x").status_code == 403
    cast.jam.door = "invitation"
    cast.jam.save()
    assert outsider.get(at(cast, "people_suggest"), headers=JSON).status_code == 404
    assert post(outsider, at(cast, "preview"), body="x").status_code == 404


def test_asking_often_is_bounded(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to("2030-01-01 12:00:10", tick=False)
    client = client_of(cast.ben)
    answers = [post(client, at(cast, "preview"), body="x").status_code for _ in range(PREVIEWS_A_MINUTE + 1)]
    assert answers == [200] * PREVIEWS_A_MINUTE + [429]
    assert post(client_of(cast.fay), at(cast, "preview"), body="x").status_code == 200
    time_machine.move_to("2030-01-01 12:01:00", tick=False)
    assert post(client, at(cast, "preview"), body="x").status_code == 200


def test_without_scripts_a_preview_stands_above_the_form(cast: Cast) -> None:
    idea, client = cast.idea(), client_of(cast.ben)
    for url, typed in (
        (at(cast, "reply", idea.pk), {"body": "**Loud**", "tags": "noise"}),
        (at(cast, "start", cast.harbour.pk), {"subject": "Quiet", "body": "**Loud**", "tags": "noise"}),
    ):
        page = client.post(url, {**typed, "request_key": "k", "preview": "1"})
        assert page.status_code == 200
        text = page.content.decode()
        assert "<strong>Loud</strong>" in text
        assert text.index("<strong>Loud</strong>") < text.index("<textarea")
        assert "**Loud**</textarea>" in text
        assert 'value="noise"' in text
        assert 'value="k"' in text
        empty = client.post(url, {**typed, "body": "", "preview": "1"}).content.decode()
        assert "Write something before you post." in empty
        assert 'value="noise"' in empty
    assert Post.objects.count() == 1


# --- quoting ---


def test_without_scripts_a_post_is_quoted_after_what_was_typed(cast: Cast) -> None:
    idea = posting.start_thread(member=cast.ana, forum=cast.harbour, subject="S", body="> old\n\nThe **new** one.")
    page = client_of(cast.ben).post(at(cast, "reply", idea.pk), {"body": "First:", "tags": "t", "quote": "1"})
    link = f"http://testserver{at(cast, 'post', idea.pk)}"
    text = page.content.decode()
    assert "First:\n\n&gt; The **new** one.\n&gt;\n&gt; — [Ana](" in text
    assert "&gt; old" not in text.split("<textarea")[1]
    assert link.split("testserver")[1] in text
    assert 'value="t"' in text


def test_a_quotation_is_cut_and_its_author_cannot_break_it() -> None:
    long = quotation(body="word " * 400, author="A]b*", address="https://x.example/1")
    assert len(long) < QUOTE_MAX + 100
    assert "word …\n>\n> — [A\\]b\\*](https://x.example/1)\n\n" in long
    two = quotation(body="a" * 400 + "\n\n" + "b" * 400, author="A", address="x")
    assert "b" not in two
    assert quotation(body="One\n\n![A map](image:abcdefgh12)", author="A", address="x").startswith("> One\n>\n> — ")


# --- names, tags, similar ideas ---


def test_names_are_suggested_and_namesakes_told_apart(cast: Cast) -> None:
    idea = cast.idea(by=cast.fay)
    answer = client_of(cast.ben).get(at(cast, "people_suggest"), {"q": "f", "thread": str(idea.thread_id)}).json()
    assert answer == {"people": [{"id": cast.fay.pk, "name": "Fay", "from": "Harbour Office", "here": True}]}
    assert client_of(cast.ben).get(at(cast, "people_suggest"), {"q": "ned"}).json() == {"people": []}
    assert client_of(cast.ben).get(at(cast, "people_suggest"), {"q": "\0%", "thread": "x" * 99}).json() == {
        "people": []
    }


def test_who_was_chosen_is_named(cast: Cast) -> None:
    namesake = cast.ada
    namesake.name = "Ana"
    namesake.save()
    idea = cast.idea(by=cast.fay)
    sent = {"body": "@Ana, look.", "mentions": f"{namesake.pk},x"}
    assert post(client_of(cast.ben), at(cast, "reply", idea.pk), **sent).status_code == 201
    assert Mention.objects.get().member == namesake


def test_tags_are_suggested_and_a_reply_can_have_some(cast: Cast) -> None:
    for tags in (["light", "sea"], ["light"], ["lighthouse"]):
        posting.start_thread(member=cast.ana, forum=cast.harbour, subject="S", body="B", tags=tags)
    client = client_of(cast.ben)
    assert client.get(at(cast, "tags_suggest"), {"q": "Li"}).json() == {"tags": ["light", "lighthouse"]}
    assert client.get(at(cast, "tags_suggest"), {"q": ""}).json() == {"tags": []}
    parent = Post.objects.first()
    assert parent is not None
    answer = post(client, at(cast, "reply", parent.pk), body="Yes", tags="Sea, new one")
    assert Post.objects.get(pk=answer.json()["post"]).tags == ["sea", "new one"]
    refused = post(client, at(cast, "reply", parent.pk), body="Yes", tags=",".join("abcdefghi"))
    assert "8 tags" in refused.json()["errors"]["tags"][0]


def test_similar_ideas_and_where_to_reply(cast: Cast) -> None:
    idea = cast.idea()
    (found,) = client_of(cast.ben).get(at(cast, "similar"), {"q": "lamp on the pier"}).json()["ideas"]
    assert found == {
        "id": idea.pk,
        "title": "A lamp on the pier",
        "author": "Ana",
        "replies": 0,
        "url": at(cast, "detail", idea.thread_id),
        "reply": at(cast, "reply", idea.pk),
    }


# --- drafts ---


def keep(client: Client, cast: Cast, place: str, base: str, **texts: str) -> Any:
    return post(client, at(cast, "drafts"), place=place, base=base, **texts)


def test_a_draft_goes_on_from_what_it_was(cast: Cast) -> None:
    client, place = client_of(cast.ben), f"forum:{cast.harbour.pk}"
    first = keep(client, cast, place, "", body="Half").json()
    assert first["kept"] is True
    second = keep(client, cast, place, first["version"], body="Half a").json()
    assert Draft.objects.get().body == "Half a"
    gone = keep(client, cast, place, second["version"], body=" ").json()
    assert gone == {"kept": False, "version": ""}
    assert not Draft.objects.exists()


def test_what_was_written_elsewhere_meanwhile_is_not_lost(cast: Cast) -> None:
    client, place = client_of(cast.ben), f"forum:{cast.harbour.pk}"
    first = keep(client, cast, place, "", body="Here").json()
    there = keep(client, cast, place, first["version"], subject="S", body="There").json()
    for base in (first["version"], "", "9" * 40):
        answer: HttpResponse = keep(client, cast, place, base, body="Here again")
        assert answer.status_code == 409
        assert answer.json()["code"] == "newer_draft"  # type: ignore[attr-defined]
        assert answer.json()["draft"]["body"] == "There"  # type: ignore[attr-defined]
    assert Draft.objects.get().body == "There"
    # The same text is no other one, and who has seen the other may put theirs over it.
    assert keep(client, cast, place, "", subject="S", body="There").status_code == 200
    assert there["version"]
    newest = drafts.version(Draft.objects.get())
    assert keep(client, cast, place, newest, body="Here again").json()["kept"] is True
    assert Draft.objects.get().body == "Here again"


def test_a_draft_that_was_posted_elsewhere_is_begun_anew(cast: Cast) -> None:
    client, place = client_of(cast.ben), f"forum:{cast.harbour.pk}"
    version = keep(client, cast, place, "", body="Here").json()["version"]
    posting.start_thread(member=cast.ben, forum=cast.harbour, subject="S", body="Here")
    assert not Draft.objects.exists()
    assert keep(client, cast, place, version, body="More").json()["kept"] is True


def test_after_the_close_a_draft_is_still_kept(cast: Cast) -> None:
    close_by_clock(cast.jam)
    keep(client_of(cast.ben), cast, f"forum:{cast.harbour.pk}", "", body="Late")
    assert Draft.objects.get().late is True


def test_pages_begin_with_what_was_being_written(cast: Cast) -> None:
    idea = cast.idea()
    drafts.save(member=cast.ben, place=f"forum:{cast.harbour.pk}", subject="Begun", body="Half an idea")
    drafts.save(member=cast.ben, place=f"post:{idea.pk}", body="Half a </script> reply")
    drafts.save(member=cast.fay, place=f"post:{idea.pk}", body="Not his")
    client = client_of(cast.ben)
    forum = client.get(at(cast, "forum", cast.harbour.pk)).content.decode()
    assert "Half an idea</textarea>" in forum
    assert f'data-draft="{drafts.version(Draft.objects.get(body="Half an idea"))}"' in forum
    thread = client.get(at(cast, "detail", idea.thread_id)).content.decode()
    assert "Half a \\u003C/script\\u003E reply" in thread
    assert "Not his" not in thread
    assert "Half a &lt;/script&gt; reply</textarea>" in client.get(at(cast, "reply", idea.pk)).content.decode()
