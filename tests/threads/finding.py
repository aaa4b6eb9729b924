"""Posts that can be searched, and asking for them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.test import Client

from jam.models import Forum, Member
from tests.cast import Cast
from tests.threads.test_views import body_of
from threads.domain import posting, search
from threads.domain.search import Wanted
from threads.models import Post


def write(
    cast: Cast,
    subject: str,
    body: str = "Nothing else.",
    *,
    tags: tuple[str, ...] = (),
    by: Member | None = None,
    forum: Forum | None = None,
) -> Post:
    return posting.start_thread(
        member=by or cast.ana, forum=forum or cast.harbour, subject=subject, body=body, tags=tags
    )


def found(cast: Cast, words: str = "", **more: Any) -> list[int]:
    return [hit.post_id for hit in search.find([cast.jam], Wanted(words=words, **more)).hits]


def page(client: Client, url: str, **asked: str) -> str:
    return body_of(client, f"{url}?{urlencode(asked)}")
