"""The HTTP API as a client sees it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.domain import tokens
from accounts.models import Person
from jam.models import Door, Member
from tests.cast import Cast, close_by_clock, set_window
from threads.models import Post, PostStatus

Call = Callable[..., HttpResponse]


@pytest.fixture
def call(client: Client) -> Call:
    """call("GET", "jams", by=cast.ana, **body)"""
    held: dict[int, str] = {}

    def do(method: str, path: str, *, by: Member | Person | None = None, key: str = "", **body: Any) -> HttpResponse:
        headers = {"Idempotency-Key": key} if key else {}
        if by is not None:
            person = by.person if isinstance(by, Member) else by
            if person.pk not in held:
                held[person.pk] = tokens.make_token(person=person)
            headers["Authorization"] = f"Bearer {held[person.pk]}"
        content: dict[str, Any] = {}
        if body:
            content = {"data": json.dumps(body), "content_type": "application/json"}
        return client.generic(method, f"/api/v1/{path}", headers=headers, **content)

    return do


def problem(response: HttpResponse) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert body["status"] == response.status_code
    return response.status_code, body["code"]


def test_jams_are_those_that_the_caller_may_see(cast: Cast, call: Call) -> None:
    cast.other.door = Door.INVITATION
    cast.other.save()
    seen = {
        who: [jam["slug"] for jam in call("GET", "jams", by=person).json()["items"]]  # type: ignore[attr-defined]
        for who, person in (("ana", cast.ana), ("ned", cast.ned), ("zoe", cast.zoe), ("sid", cast.sid))
    }
    assert seen == {"ana": ["tides"], "ned": ["other", "tides"], "zoe": ["tides"], "sid": ["other", "tides"]}


def test_jams_are_paged_by_cursor(cast: Cast, call: Call) -> None:
    first = call("GET", "jams?limit=1", by=cast.sid).json()  # type: ignore[attr-defined]
    second = call("GET", f"jams?limit=1&after={first['next']}", by=cast.sid).json()  # type: ignore[attr-defined]
    assert [jam["slug"] for jam in first["items"] + second["items"]] == ["other", "tides"]
    assert second["next"] is None


def test_a_jam_comes_with_its_window_phase_and_forums(cast: Cast, call: Call) -> None:
    jam = call("GET", "jams/tides", by=cast.ana).json()  # type: ignore[attr-defined]
    assert (jam["phase"], jam["role"], jam["seq"], jam["timezone"]) == ("open", "participant", 0, "Europe/Berlin")
    assert [(forum["id"], forum["title"]) for forum in jam["forums"]] == [
        (cast.harbour.pk, "Harbour"),
        (cast.streets.pk, "Streets"),
    ]


def test_an_idea_and_a_reply_are_201_and_found_again(cast: Cast, call: Call) -> None:
    idea = call("POST", "jams/tides/threads", by=cast.ana, forum=cast.harbour.pk, subject="Quay", body="b", tags=["x"])
    assert idea.status_code == 201
    post = idea.json()  # type: ignore[attr-defined]
    reply = call("POST", f"threads/{post['thread']}/posts", by=cast.ben, parent=post["id"], subject="", body="*yes*")
    assert reply.status_code == 201
    thread = call("GET", f"threads/{post['thread']}", by=cast.ana).json()  # type: ignore[attr-defined]
    assert [(p["depth"], p["author"]["name"], p["body"], p["parent"]) for p in thread["posts"]] == [
        (0, "Ana", "b", None),
        (1, "Ben", "*yes*", post["id"]),
    ]
    listed = call("GET", f"jams/tides/threads?forum={cast.harbour.pk}&sort=new&tag=x&q=quays", by=cast.ana).json()  # type: ignore[attr-defined]
    assert [(t["id"], t["reply_count"], t["idea"]["subject"]) for t in listed["items"]] == [(thread["id"], 1, "Quay")]


def test_an_idempotency_key_gives_the_same_answer_and_one_post(cast: Cast, call: Call) -> None:
    idea = {"forum": cast.harbour.pk, "subject": "A", "body": "b"}
    answers = [call("POST", "jams/tides/threads", by=cast.ana, key="k1", **idea) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert Post.objects.count() == 1
    other = call("POST", "jams/tides/threads", by=cast.ana, key="k1", **(idea | {"body": "c"}))
    assert problem(other) == (409, "idempotency_key")


def test_votes_are_put_and_deleted(cast: Cast, call: Call) -> None:
    idea = cast.idea()
    answers = [
        call("PUT", f"posts/{idea.pk}/vote", by=cast.ben, value=-1),
        call("PUT", f"posts/{idea.pk}/vote", by=cast.ben, value=1),
        call("DELETE", f"posts/{idea.pk}/vote", by=cast.ben),
    ]
    assert [answer.json() for answer in answers] == [  # type: ignore[attr-defined]
        {"agree": 0, "pass": 0, "disagree": 1},
        {"agree": 1, "pass": 0, "disagree": 0},
        {"agree": 0, "pass": 0, "disagree": 0},
    ]


def test_favourites_are_put_and_deleted(cast: Cast, call: Call) -> None:
    idea = cast.idea()
    counts = []
    for method in ("PUT", "PUT", "DELETE", "DELETE"):
        assert call(method, f"posts/{idea.pk}/favourite", by=cast.ben).status_code == 204
        counts.append(idea.favourites.count())
    assert counts == [1, 1, 0, 0]


def test_outside_the_window_a_write_says_the_phase_and_the_times(cast: Cast, call: Call) -> None:
    idea = cast.idea()
    close_by_clock(cast.jam)
    for answer in (
        call("POST", "jams/tides/threads", by=cast.ana, forum=cast.harbour.pk, subject="A", body="b"),
        call("POST", f"threads/{idea.thread_id}/posts", by=cast.ben, body="late"),
        call("PUT", f"posts/{idea.pk}/vote", by=cast.ben, value=1),
    ):
        assert problem(answer) == (409, "outside_window")
        body = answer.json()  # type: ignore[attr-defined]
        assert body["phase"] == "reading"
        assert body["closes_at"] == cast.jam.closes_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")  # type: ignore[union-attr]
    assert Post.objects.count() == 1


def test_before_the_opening_a_write_is_told_when(cast: Cast, call: Call) -> None:
    set_window(cast.jam, opens_in=timedelta(hours=1), closes_in=timedelta(hours=2))
    answer = call("POST", "jams/tides/threads", by=cast.fay, forum=cast.harbour.pk, subject="A", body="b")
    assert (answer.status_code, answer.json()["phase"]) == (409, "scheduled")  # type: ignore[attr-defined]


def test_a_hidden_post_keeps_its_place_and_not_its_words(cast: Cast, call: Call) -> None:
    reply = cast.reply(cast.idea())
    Post.objects.filter(pk=reply.pk).update(status=PostStatus.HIDDEN)
    seen = {}
    for who in (cast.ana, cast.ben, cast.fay):
        posts = call("GET", f"threads/{reply.thread_id}", by=who).json()["posts"]  # type: ignore[attr-defined]
        seen[who.name] = (posts[1]["status"], posts[1]["body"])
    body = "Yes, and one on the mole."
    assert seen == {"Ana": ("hidden", None), "Ben": ("hidden", body), "Fay": ("hidden", body)}


@pytest.mark.parametrize(
    ("method", "path", "body", "answer"),
    [
        ("GET", "jams/none", {}, (404, "not_found")),
        ("GET", "jams/none/threads", {}, (404, "not_found")),
        ("GET", "threads/999999", {}, (404, "not_found")),
        ("GET", "jams/tides/changes?since=0&room=thread:999999", {}, (404, "not_found")),
        ("GET", "jams/tides/changes?since=x", {}, (422, "invalid")),
        ("GET", f"jams/tides/changes?since={10**18}", {}, (422, "invalid")),
        ("GET", "jams/tides/changes?since=0&room=thread:x", {}, (422, "invalid")),
        ("GET", "jams/tides/changes?since=0" + "&room=thread:1" * 9, {}, (422, "invalid")),
        ("GET", "jams/tides/threads?sort=odd", {}, (422, "invalid")),
        ("GET", "jams/tides/threads?after=odd", {}, (422, "cursor")),
        ("GET", "jams?after=odd", {}, (422, "cursor")),
        ("POST", "jams/tides/threads", {"forum": 999999, "subject": "A", "body": "b"}, (422, "forum")),
        ("POST", "jams/tides/threads", {"subject": "A"}, (422, "invalid")),
        ("POST", "threads/999999/posts", {"body": "b"}, (404, "not_found")),
        ("PUT", "posts/999999/vote", {"value": 1}, (404, "not_found")),
        ("PUT", "posts/999999/favourite", {}, (404, "not_found")),
    ],
)
def test_what_is_off_is_a_problem_document(
    cast: Cast, call: Call, method: str, path: str, body: dict[str, Any], answer: tuple[int, str]
) -> None:
    assert problem(call(method, path, by=cast.ana, **body)) == answer


def test_a_parent_in_another_thread_is_refused(cast: Cast, call: Call) -> None:
    one, two = cast.idea(), cast.idea(subject="Two")
    answer = call("POST", f"threads/{one.thread_id}/posts", by=cast.ben, parent=two.pk, body="b")
    assert problem(answer) == (422, "parent")


def test_who_is_not_a_member_joins_first(cast: Cast, call: Call) -> None:
    idea = {"forum": cast.harbour.pk, "subject": "A", "body": "b"}
    assert problem(call("POST", "jams/tides/threads", by=cast.zoe, **idea)) == (403, "not_a_member")
    assert call("PUT", "jams/tides/membership", by=cast.zoe).status_code == 204
    assert call("POST", "jams/tides/threads", by=cast.zoe, **idea).status_code == 201


def test_a_jam_behind_a_door_looks_like_none(cast: Cast, call: Call) -> None:
    cast.jam.door = Door.INVITATION
    cast.jam.save()
    idea = cast.idea()
    for method, path in (
        ("GET", "jams/tides"),
        ("GET", f"threads/{idea.thread_id}"),
        ("PUT", f"posts/{idea.pk}/favourite"),
        ("PUT", "jams/tides/membership"),
    ):
        assert problem(call(method, path, by=cast.zoe)) == (404, "not_found")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}])
@pytest.mark.parametrize(("method", "path"), [("GET", "jams"), ("PUT", "posts/1/vote"), ("DELETE", "posts/1/vote")])
def test_without_a_token_nothing(db: None, method: str, path: str, headers: dict[str, str]) -> None:
    outside = Client(enforce_csrf_checks=True)
    answer = outside.generic(method, f"/api/v1/{path}", headers=headers)
    assert problem(answer) == (401, "signed_out")  # type: ignore[arg-type]


def test_a_session_may_read_and_needs_the_token_of_a_form_to_write(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.ana.person)
    idea = cast.idea(by=cast.ben)
    assert browser.get("/api/v1/jams").status_code == 200
    assert (
        browser.put(f"/api/v1/posts/{idea.pk}/vote", {"value": 1}, content_type="application/json").status_code == 403
    )


def test_an_account_that_was_switched_off_has_no_token(cast: Cast, call: Call) -> None:
    assert call("GET", "jams", by=cast.ana).status_code == 200
    cast.ana.person.is_active = False
    cast.ana.person.save()
    assert problem(call("GET", "jams", by=cast.ana)) == (401, "signed_out")


@pytest.mark.parametrize("threads", [1, 3])
def test_a_list_costs_the_same_however_long(
    cast: Cast, call: Call, threads: int, django_assert_num_queries: Any
) -> None:
    for number in range(threads):
        cast.reply(cast.idea(subject=f"Idea {number}"))
    call("GET", "jams/tides/threads", by=cast.ana)
    with django_assert_num_queries(3):
        call("GET", "jams/tides/threads", by=cast.ana)


def test_the_api_describes_itself(cast: Cast, client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert sorted(described["paths"]) == [
        "/api/v1/jams",
        "/api/v1/jams/{slug}",
        "/api/v1/jams/{slug}/changes",
        "/api/v1/jams/{slug}/membership",
        "/api/v1/jams/{slug}/rules",
        "/api/v1/jams/{slug}/threads",
        "/api/v1/posts/{post_id}/favourite",
        "/api/v1/posts/{post_id}/vote",
        "/api/v1/threads/{thread_id}",
        "/api/v1/threads/{thread_id}/posts",
    ]
    assert client.get("/api/v1/docs").status_code == 200
