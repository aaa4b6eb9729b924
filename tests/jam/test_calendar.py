"""The calendar file: what is in it, that every program can read it, and who gets it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from jam.domain.calendar import calendar_of
from jam.models import Door, Jam
from tests.cast import Cast, close_by_clock

URL = "/jams/tides/calendar.ics"
ADDRESS = "https://jam.example.org/jams/tides/"
OPENS = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 1, 12, 30, 15, tzinfo=UTC)


def jam_with(*, title: str = "Tides", question: str = "", lasts: timedelta = timedelta(days=2)) -> Jam:
    return Jam(
        pk=7, slug="tides", title=title, question=question, opens_at=OPENS, closes_at=OPENS + lasts, published_at=NOW
    )


def lines_of(file: bytes) -> list[str]:
    """The lines of a file with those that were folded put together, as RFC 5545 says."""
    assert file.endswith(b"\r\n")
    return file.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def test_a_file_has_the_window_and_two_alarms() -> None:
    jam = jam_with(title="Tides, and; more", question="What first?\r\nWhy?")
    assert sorted(lines_of(calendar_of(jam, address=ADDRESS, now=NOW))) == sorted(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Jam//Jam//EN",
            "BEGIN:VEVENT",
            "UID:jam-7@jam.example.org",
            "DTSTAMP:20261101T123015Z",
            "SEQUENCE:1",
            "DTSTART:20261123T080000Z",
            "DTEND:20261125T080000Z",
            "SUMMARY:Tides\\, and\\; more",
            f"DESCRIPTION:What first?\\nWhy?\\n\\n{ADDRESS}",
            f"URL:{ADDRESS}",
            "STATUS:CONFIRMED",
            "TRANSP:TRANSPARENT",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "DESCRIPTION:Tides\\, and\\; more opens in 15 minutes",
            "TRIGGER;RELATED=START:-PT15M",
            "END:VALARM",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "DESCRIPTION:Tides\\, and\\; more closes in 2 hours",
            "TRIGGER;RELATED=END:-PT2H",
            "END:VALARM",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )


@pytest.mark.parametrize(("lasts", "alarms"), [(timedelta(hours=2), 1), (timedelta(hours=2, seconds=1), 2)])
def test_the_second_alarm_does_not_ring_before_the_jam_opens(lasts: timedelta, alarms: int) -> None:
    assert calendar_of(jam_with(lasts=lasts), address=ADDRESS, now=NOW).count(b"BEGIN:VALARM") == alarms


@given(title=st.text(max_size=200), question=st.text(max_size=500))
def test_any_words_come_back_from_lines_that_are_short_enough(title: str, question: str) -> None:
    """Also where a line is folded within a character of several bytes, or the words look like lines of the file."""
    file = calendar_of(jam_with(title=title, question=question), address=ADDRESS, now=NOW)
    for line in file.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # a character is never torn apart
    (entry,) = Calendar.from_ical(file).walk("VEVENT")
    assert entry["SUMMARY"] == shown(title)
    assert entry["DESCRIPTION"] == "\n\n".join(filter(None, [shown(question), ADDRESS]))
    assert len(entry.subcomponents) == 2


def shown(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in text if letter in "\n\t" or not is_control(letter)).strip()


def is_control(letter: str) -> bool:
    return ord(letter) < 0x20 or 0x7F <= ord(letter) <= 0x9F


def test_words_that_look_like_lines_add_none() -> None:
    jam = jam_with(title="A\r\nEND:VEVENT\rBEGIN:VALARM", question="\nATTENDEE:mailto:x@example.org")
    lines = lines_of(calendar_of(jam, address=ADDRESS, now=NOW))
    assert [line for line in lines if line.startswith("ATTENDEE")] == []
    assert (lines.count("END:VEVENT"), lines.count("BEGIN:VALARM")) == (1, 2)


# --- who gets it ---


def test_who_gets_the_file(cast: Cast, client: Client) -> None:
    answer = client.get(URL)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer["Content-Disposition"] == 'attachment; filename="tides.ics"'
    assert answer["Cache-Control"] == "private, no-cache"
    assert f"URL:{settings.SITE_URL}/jams/tides/" in lines_of(answer.content)
    Jam.objects.filter(pk=cast.jam.pk).update(door=Door.INVITATION)
    assert client.get(URL).status_code == 404
    client.force_login(cast.zoe)
    assert client.get(URL).status_code == 404
    client.force_login(cast.ben.person)
    assert client.get(URL).status_code == 200
    assert client.post(URL).status_code == 405


def test_a_draft_is_for_who_runs_it_and_not_settled(cast: Cast, client: Client) -> None:
    Jam.objects.filter(pk=cast.jam.pk).update(published_at=None)
    client.force_login(cast.ben.person)
    assert client.get(URL).status_code == 404
    client.force_login(cast.fay.person)
    assert "STATUS:TENTATIVE" in lines_of(client.get(URL).content)
    Jam.objects.filter(pk=cast.jam.pk).update(opens_at=None, closes_at=None)
    assert client.get(URL).status_code == 404


def test_a_window_that_moved_is_a_new_version_of_the_same_entry(cast: Cast, client: Client) -> None:
    def entry() -> tuple[str, int, datetime]:
        (found,) = Calendar.from_ical(client.get(URL).content).walk("VEVENT")
        return str(found["UID"]), int(found["SEQUENCE"]), found["DTEND"].dt

    first = entry()
    client.force_login(cast.fay.person)
    assert cast.jam.closes_at is not None
    client.post("/jams/tides/window/", {"action": "hour", "closes_at": cast.jam.closes_at.isoformat()})
    assert entry() == (first[0], first[1] + 1, first[2] + timedelta(hours=1))


def test_the_home_offers_it_until_the_close(cast: Cast, client: Client) -> None:
    link = f'href="{URL}"'
    assert link in client.get("/jams/tides/").text
    close_by_clock(cast.jam)
    assert link not in client.get("/jams/tides/").text
