"""What goes over the wire to a push service: sealed, signed, and to no address inside our own network."""

from __future__ import annotations

import json
import socket
import stat
from base64 import urlsafe_b64decode
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured
from py_vapid import Vapid02

from jam.environment import Environment
from notifications.domain import push_keys, push_sealing, push_service
from tests.notifications.push_service import CURVE, Browser, PushService, running, text_of


def plain(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def key_of(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(plain(text), "big"), CURVE)


# --- sealing ---


def test_the_example_of_the_rfc() -> None:
    """RFC 8291, appendix A, to the byte."""
    sealed = push_sealing.seal(
        b"When I grow up, I want to be a watermelon",
        p256dh=plain("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        auth=plain("BTBZMqHH6r4Tts7J_aSIgg"),
        salt=plain("DGv6ra1nlYgDCS1FRnbzlw"),
        ours=key_of("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    )
    assert text_of(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A"
        "_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_only_its_browser_reads_it_and_no_two_are_alike() -> None:
    browser, other = Browser(), Browser()
    one, two = (push_sealing.seal("Grüße".encode(), p256dh=browser.point, auth=browser.auth) for _ in range(2))
    assert browser.open(one) == browser.open(two) == "Grüße".encode()
    assert one[:86] != two[:86]
    with pytest.raises(InvalidTag):
        other.open(one)


def test_the_longest_message_is_one_record_and_a_longer_one_is_refused() -> None:
    browser = Browser()
    longest = b"x" * push_sealing.MESSAGE_MAX
    sealed = push_sealing.seal(longest, p256dh=browser.point, auth=browser.auth)
    assert len(sealed) <= 4096
    assert browser.open(sealed) == longest
    with pytest.raises(ValueError, match="too long"):
        push_sealing.seal(longest + b"x", p256dh=browser.point, auth=browser.auth)


# --- who we are ---


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR, settings.VAPID_PRIVATE_KEY = tmp_path, ""
    return tmp_path


def test_a_key_is_made_once_and_kept_for_its_owner_alone(folder: Path) -> None:
    key = push_keys.public_key()
    assert len(plain(key)) == 65
    file = folder / "vapid-key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["vapid-key"]
    push_keys._read.cache_clear()  # as another process
    assert push_keys.public_key() == key


def test_a_key_of_the_environment_goes_first(folder: Path, settings: Any) -> None:
    settings.VAPID_PRIVATE_KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
    assert push_keys.public_key().startswith("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIg")
    assert not any(folder.iterdir())


@pytest.mark.parametrize("value", ["short", "x" * 43 + "!", "-----BEGIN PRIVATE KEY-----", "ü" * 43])
def test_a_key_that_is_none_stops_the_start(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="VAPID_PRIVATE_KEY must be 32 bytes"):
        Environment({"VAPID_PRIVATE_KEY": value}).key("VAPID_PRIVATE_KEY", size=32)
    assert Environment({"A": push_keys.new_key()}).key("A", size=32)
    assert Environment({}).key("A", size=32) == ""


@pytest.mark.parametrize(
    ("https", "contact"), [(True, "https://jam.example.org:8443"), (False, "mailto:j@example.org")]
)
def test_what_is_signed(folder: Path, settings: Any, https: bool, contact: str) -> None:
    settings.HTTPS, settings.SITE_URL = https, "https://jam.example.org:8443"
    settings.DEFAULT_FROM_EMAIL = "Jam <j@example.org>"
    header = push_keys.authorization("https://push.example.org/send/one?two")
    assert Vapid02.verify(header)
    assert header.endswith(f",k={push_keys.public_key()}")
    claims = json.loads(plain(header.removeprefix("vapid t=").split(".")[1]))
    assert (claims["aud"], claims["sub"]) == ("https://push.example.org", contact)


# --- where it may go ---


@pytest.mark.parametrize(
    "endpoint",
    ["http://push.example.org/a", "https:///a", "https://me@push.example.org/", "https://push.example.org:8080/",
     "https://push.example.org/\r\nHost: x", "https://push.example.org/a b", "ftp://push.example.org/", "", "//x/y",
     "https://push.example.org/#x", "https://[::1/", "https://püsh.example.org/", "https://push.example.org:99999/"],
)  # fmt: skip
def test_what_is_no_address_of_a_push_service(endpoint: str) -> None:
    with pytest.raises(push_service.Refused):
        push_service.checked(endpoint)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
     "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a01:203", "2002:7f00:1::", "2001:db8::1"],
)  # fmt: skip
def test_addresses_that_are_not_of_the_open_internet(address: str) -> None:
    assert not push_service.is_public(ip_address(address))


@pytest.mark.parametrize("address", ["142.250.1.1", "2a00:1450:4001::1", "::ffff:142.250.1.1", "64:ff9b::8efa:101"])
def test_addresses_of_the_open_internet(address: str) -> None:
    assert push_service.is_public(ip_address(address))


def leads_to(*addresses: str) -> Any:
    return lambda host, port, **more: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]


@pytest.mark.parametrize("found", [["127.0.0.1"], ["142.250.1.1", "10.0.0.1"]])
def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch, found: list[str]) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", leads_to(*found))

    def never(*args: object, **more: object) -> None:
        raise AssertionError("it was connected to")

    monkeypatch.setattr(socket, "create_connection", never)
    with pytest.raises(push_service.Refused, match="private"):
        push_service.hand_over("https://push.example.org/a", b"x", {})


def test_it_connects_to_the_address_that_was_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not by the name again, which may lead elsewhere by then."""
    monkeypatch.setattr(socket, "getaddrinfo", leads_to("142.250.1.1", "142.250.1.2"))
    asked = []

    def refused(address: tuple[str, int], **more: object) -> None:
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refused)
    with pytest.raises(ConnectionRefusedError):
        push_service.hand_over("https://push.example.org/a", b"x", {})
    assert asked == [("142.250.1.1", 443), ("142.250.1.2", 443)]


@pytest.fixture
def service(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.PUSH_PRIVATE_ADDRESSES = True
    with running(tmp_path) as service:
        monkeypatch.setenv("SSL_CERT_FILE", str(service.certificate))
        yield service


def test_what_is_handed_over(service: PushService) -> None:
    answer = push_service.hand_over(service.endpoint() + "?a=1", b"sealed", {"TTL": "60"})
    assert (answer.taken, answer.gone, answer.later) == (True, False, False)
    (request,) = service.taken
    assert (request.path, request.body, request.headers["TTL"]) == ("/send/one?a=1", b"sealed", "60")


def test_a_certificate_that_is_not_believed(service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        push_service.hand_over(service.endpoint(), b"x", {})
    assert not service.taken


@pytest.mark.parametrize(
    ("status", "headers", "is_", "wait"),
    [(410, {}, "gone", 0), (404, {}, "gone", 0), (429, {"Retry-After": "90"}, "later", 90), (500, {}, "later", 0),
     (503, {"Retry-After": "Fri, 31 Dec 2999 23:59:59 GMT"}, "later", 0), (302, {"Location": "https://x/"}, "", 0),
     (400, {}, "", 0)],
)  # fmt: skip
def test_what_it_answers(service: PushService, status: int, headers: dict[str, str], is_: str, wait: int) -> None:
    service.status, service.headers = status, headers
    answer = push_service.hand_over(service.endpoint(), b"x", {})
    assert [name for name in ("taken", "gone", "later") if getattr(answer, name)] == ([is_] if is_ else [])
    assert answer.retry_after == wait
    assert len(service.taken) == 1  # it goes nowhere else


def test_what_is_silent_is_cut(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the connection and says nothing more; no step of ours would end it as soon."""
    settings.PUSH_PRIVATE_ADDRESSES = True
    monkeypatch.setattr(push_service, "A_STEP", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TimeoutError):
        push_service.hand_over(f"https://localhost:{silent.getsockname()[1]}/", b"x", {})
