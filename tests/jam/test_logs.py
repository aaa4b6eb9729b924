"""What a log must not hold."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from jam.domain import feed_keys
from jam.logs import WithoutKeys
from tests.cast import Cast


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the site's own handler writes."""
    (handler,) = (
        handler
        for handler in logging.root.handlers
        if isinstance(handler, logging.StreamHandler) and any(isinstance(one, WithoutKeys) for one in handler.filters)
    )
    written = io.StringIO()
    before = handler.setStream(written)
    try:
        yield written
    finally:
        handler.setStream(before)


def test_the_key_of_a_feed_that_does_not_open_is_not_logged(cast: Cast, log: io.StringIO) -> None:
    key = feed_keys.renew(member=cast.ben)
    assert Client().get(f"/jams/tides/feeds/{cast.ben.pk}/{key}/forums/0/").status_code == 404
    assert f"Not Found: /jams/tides/feeds/{cast.ben.pk}/…/forums/0/" in log.getvalue()
    assert key not in log.getvalue()


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("/jams/tides/c/8fK-_x/csv", "/jams/tides/c/…/csv"),
        ("/jams/tides/feeds/", "/jams/tides/feeds/"),
        ("/jams/tides/threads/7/", "/jams/tides/threads/7/"),
        ("100 % of it", "100 % of it"),
    ],
)
def test_the_rest_is_logged_as_it_is(log: io.StringIO, said: str, written: str) -> None:
    logging.getLogger("jam").warning("Not Found: %s", said)
    assert f"Not Found: {written}\n" in log.getvalue()
