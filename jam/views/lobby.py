"""The jams list: open first, then coming, then past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from jam.access import can_create_jam, visible_jams
from jam.domain import look
from jam.domain.line import Line
from jam.domain.phases import Phase, database_now, phase_of
from jam.domain.queries import activity_columns
from jam.models import Jam, LookPicture
from jam.views.frame import accent_key, home_of, line_for


@dataclass(frozen=True)
class Row:
    jam: Jam
    phase: Phase
    line: Line | None
    home: str
    logo: LookPicture | None


@require_safe
def jam_list(request: HttpRequest) -> HttpResponse:
    now = database_now()
    jams = list(visible_jams(request.user))
    columns = activity_columns(jam.pk for jam in jams)
    logos = look.logos_of(jams)
    rows = [
        Row(
            jam=jam,
            phase=phase_of(jam, now),
            line=line_for(jam, now, columns.get(jam.pk, ())),
            home=home_of(jam),
            logo=logos.get(jam.pk),
        )
        for jam in jams
    ]
    context = {
        "now": now,
        "groups": _groups(rows),
        "drafts": [row for row in rows if row.phase is Phase.DRAFT],
        "accent_key": accent_key(jams),
        "may_create": can_create_jam(request.user),
    }
    return render(request, "jam/list.html", context)


def _groups(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """Open: the one that closes next first. Coming: the next first. Past: the latest first."""

    def closes(row: Row) -> datetime:
        assert row.jam.closes_at is not None
        return row.jam.closes_at

    def opens(row: Row) -> datetime:
        assert row.jam.opens_at is not None
        return row.jam.opens_at

    past = (Phase.READING, Phase.REVIEW, Phase.ARCHIVED)
    return [
        (gettext("Open now"), sorted((row for row in rows if row.phase is Phase.OPEN), key=closes)),
        (gettext("Coming"), sorted((row for row in rows if row.phase is Phase.SCHEDULED), key=opens)),
        (gettext("Past"), sorted((row for row in rows if row.phase in past), key=closes, reverse=True)),
    ]
