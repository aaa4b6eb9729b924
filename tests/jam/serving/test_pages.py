"""The bridge from the event loop to the threads of the pages, with an application of our own behind it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from typing import Any

import pytest

from jam.serving.pages import PIECE, Message, Pages

Pair = tuple[str, str]


class Application:
    """A WSGI application that remembers what it was asked, in which thread, and whether its answer was closed."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces or (b"hello",)
        self.bodies: list[bytes] = []
        self.environs: list[dict[str, Any]] = []
        self.threads: set[int] = set()
        self.closed = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.threads.add(threading.get_ident())
        self.environs.append(environ)
        self.bodies.append(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        start_response("201 Created", [("Content-Type", "text/plain"), ("X-Word", "caf\xe9")])
        return self.Answer(self)

    class Answer:
        def __init__(self, application: Application) -> None:
            self.application = application

        def __iter__(self) -> Any:
            return iter(self.application.pieces)

        def close(self) -> None:
            self.application.closed += 1


def scope(*headers: tuple[bytes, bytes], path: bytes = b"/", query: bytes = b"") -> Message:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "raw_path": path,
        "query_string": query,
        "headers": list(headers),
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
    }


async def ask(pages: Pages, scope: Message, *messages: Message) -> list[Message]:
    incoming = iter(messages or ({"type": "http.request", "body": b"", "more_body": False},))
    sent: list[Message] = []

    async def receive() -> Message:
        return next(incoming)

    async def send(message: Message) -> None:
        sent.append(message)

    await pages(scope, receive, send)
    return sent


def piece(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_usual_answer_goes_out_in_one_piece() -> None:
    application = Application(b"hel", b"lo")
    assert await ask(Pages(application), scope()) == [
        {
            "type": "http.response.start",
            "status": 201,
            "headers": [(b"content-type", b"text/plain"), (b"x-word", b"caf\xe9")],
        },
        {"type": "http.response.body", "body": b"hello", "more_body": False},
    ]
    assert application.closed == 1


async def test_a_large_answer_goes_out_while_it_is_made() -> None:
    sent = await ask(Pages(Application(b"a" * PIECE, b"b" * PIECE, b"c")), scope())
    assert [(message["body"][:1], message["more_body"]) for message in sent[1:]] == [
        (b"a", True),
        (b"b", True),
        (b"c", False),
    ]


async def test_a_request_is_read_whole_before_it_takes_a_thread() -> None:
    application = Application()
    headers = (b"content-length", b"6"), (b"content-type", b"text/plain")
    await ask(Pages(application), scope(*headers), piece(b"abc", more=True), piece(b"def", more=False))
    assert application.bodies == [b"abcdef"]
    assert application.environs[0]["CONTENT_TYPE"] == "text/plain"


async def test_a_body_without_a_length_is_read_too() -> None:
    application = Application()
    await ask(Pages(application), scope((b"transfer-encoding", b"chunked")), piece(b"abcdef", more=False))
    assert application.bodies == [b"abcdef"]


async def test_a_request_that_breaks_off_is_never_taken_for_a_whole_one() -> None:
    application = Application()
    headers = (b"content-length", b"6")
    sent = await ask(Pages(application), scope(headers), piece(b"abc", more=True), {"type": "http.disconnect"})
    assert (application.bodies, sent) == ([], [])


async def test_a_request_that_is_too_large_is_refused() -> None:
    application = Application()
    sent = await ask(Pages(application, request_max=5), scope(), piece(b"abc", more=True), piece(b"def", more=True))
    assert (application.bodies, sent[0]["status"]) == ([], 413)


async def test_threads_stay() -> None:
    application = Application()
    pages = Pages(application, threads=2)
    await asyncio.gather(*(ask(pages, scope()) for _ in range(20)))
    assert len(application.threads) <= 2


@pytest.mark.parametrize(
    ("path", "seen"), [(b"/jams/caf%C3%A9/", "/jams/caf\xc3\xa9/"), (b"/a%2Fb", "/a/b"), (b"/%FF", "/\xff")]
)
async def test_a_path_comes_as_its_bytes(path: bytes, seen: str) -> None:
    application = Application()
    await ask(Pages(application), scope(path=path, query=b"q=\xc3\xa9"))
    assert (application.environs[0]["PATH_INFO"], application.environs[0]["QUERY_STRING"]) == (seen, "q=\xc3\xa9")


@pytest.mark.parametrize(
    ("headers", "seen"),
    [
        ([(b"cookie", b"a=1"), (b"cookie", b"b=2")], {"HTTP_COOKIE": "a=1; b=2"}),
        ([(b"accept", b"text/html"), (b"accept", b"*/*")], {"HTTP_ACCEPT": "text/html,*/*"}),
        ([(b"x_forwarded_for", b"10.0.0.1")], {}),
        ([(b"x-forwarded-for", b"1.2.3.4"), (b"x_forwarded_for", b"10.0.0.1")], {"HTTP_X_FORWARDED_FOR": "1.2.3.4"}),
    ],
)
async def test_headers_come_once_and_none_in_anothers_name(headers: list[Any], seen: dict[str, str]) -> None:
    application = Application()
    await ask(Pages(application), scope(*headers))
    assert {name: value for name, value in application.environs[0].items() if name.startswith("HTTP_")} == seen


async def test_what_the_application_throws_is_thrown() -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise LookupError("a mistake")

    with pytest.raises(LookupError, match="a mistake"):
        await ask(Pages(broken), scope())
