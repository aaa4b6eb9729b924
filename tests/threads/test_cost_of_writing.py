"""How many queries a write costs, the same however much is there. With the transaction's own two, BEGIN and COMMIT."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.domain import tokens
from tests.cast import Cast
from threads.domain import voting
from threads.models import Post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("others", [1, 3])]


@pytest.fixture
def reply(cast: Cast, others: int) -> Post:
    """One of `others` replies to an idea, both with as many votes as there can be."""
    idea = cast.idea()
    replies = [cast.reply(idea, body=f"Reply {number}") for number in range(others)]
    for member in (cast.fay, cast.ada, cast.ana)[:others]:
        for post in (idea, replies[0]):
            if post.author_id != member.pk:
                voting.cast(member=member, post=post, value=-1)
    return replies[0]


def api(client: Client, cast: Cast) -> Any:
    token = tokens.make_token(person=cast.fay.person)
    tokens.person_of_token(token)  # whose use is noted once an hour

    def call(method: str, path: str, **body: Any) -> HttpResponse:
        headers = {"Authorization": f"Bearer {token}"}
        return client.generic(
            method, f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers
        )

    return call


@pytest.mark.parametrize(("idea", "queries"), [(False, 9), (True, 10)])
def test_a_vote_by_the_api(
    cast: Cast, client: Client, reply: Post, idea: bool, queries: int, django_assert_num_queries: Any
) -> None:
    call, post = api(client, cast), reply.parent_id if idea else reply.pk
    with django_assert_num_queries(queries):
        assert call("PUT", f"posts/{post}/vote", value=1).status_code == 200
    with django_assert_num_queries(8):  # once more, which changes nothing
        assert call("PUT", f"posts/{post}/vote", value=1).status_code == 200
    with django_assert_num_queries(queries):
        assert call("DELETE", f"posts/{post}/vote").status_code == 200


@pytest.mark.parametrize(("idea", "queries"), [(False, 9), (True, 10)])
def test_a_vote_on_the_page(
    cast: Cast, client: Client, reply: Post, idea: bool, queries: int, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.fay.person)
    client.get("/")  # the session is in the cache from here on
    url = f"/jams/tides/posts/{reply.parent_id if idea else reply.pk}/vote/"
    with django_assert_num_queries(queries):
        assert client.post(url, {"value": "1"}, headers={"Accept": "application/json"}).status_code == 200


def test_a_reply_by_the_api(cast: Cast, client: Client, reply: Post, django_assert_num_queries: Any) -> None:
    call = api(client, cast)
    with django_assert_num_queries(17):
        assert call("POST", f"threads/{reply.thread_id}/posts", parent=reply.pk, body="Yes.").status_code == 201


def test_a_reply_on_the_page(cast: Cast, client: Client, reply: Post, django_assert_num_queries: Any) -> None:
    client.force_login(cast.fay.person)
    client.get("/")
    with django_assert_num_queries(17):
        answer = client.post(
            f"/jams/tides/posts/{reply.pk}/reply/",
            {"body": "Yes.", "request_key": "one"},
            headers={"Accept": "application/json"},
        )
        assert answer.status_code == 201
