from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

pytestmark = pytest.mark.django_db


def breaking(error: Exception) -> Callable[..., Any]:
    def execute(*arguments: Any) -> Any:
        raise error

    return execute


@pytest.mark.parametrize(
    ("error", "status", "retry", "words"),
    [
        (OperationalError("the server closed the connection"), 503, "5", b"cannot reach its database"),
        (RuntimeError("a mistake of ours"), 500, None, b"Something broke here"),
    ],
)
def test_a_page_says_whether_to_try_again(error: Exception, status: int, retry: str | None, words: bytes) -> None:
    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(breaking(error)):
        answer = client.get("/")
    assert (answer.status_code, answer.get("Retry-After")) == (status, retry)
    assert words in answer.content


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(OperationalError("gone"), 503, "unavailable"), (RuntimeError("a mistake of ours"), 500, "broken")],
)
def test_the_api_says_it_in_a_problem_document(error: Exception, status: int, code: str) -> None:
    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(breaking(error)):
        answer = client.get("/api/v1/jams", headers={"Authorization": "Bearer jam_x"})
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, status)
