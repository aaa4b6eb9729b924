"""The log of what was done in a jam, on a page and to take along."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from jam.domain.cells import harmless
from jam.models import Forum, Member
from jam.views.frame import jam_frame
from moderation.domain import log
from moderation.views.doors import enter_to_moderate

CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@login_required
@require_safe
def log_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Admins see all of it, facilitators what was done in their forums."""
    entry, _ = enter_to_moderate(request.user, slug)
    frame = jam_frame(entry)
    wanted = log.wanted_from(request.GET)
    found = log.actions_of(entry.jam, entry.duties, wanted)
    rows = list(found[: log.A_PAGE + 1])
    kept = wanted.as_query()
    forums = Forum.objects.filter(jam=entry.jam)
    context = frame | {
        "actions": rows[: log.A_PAGE],
        "wanted": wanted,
        "kinds": log.kinds(),
        "forums": forums if entry.duties is None else forums.filter(pk__in=entry.duties),
        "staff": Member.objects.filter(jam=entry.jam, actions__isnull=False).distinct().order_by("name", "pk"),
        "query": kept,
        "next": f"?{kept}&before={rows[log.A_PAGE - 1].pk}" if len(rows) > log.A_PAGE else "",
    }
    return render(request, "moderation/log.html", context)


@login_required
@require_safe
def log_file(request: HttpRequest, slug: str, kind: str) -> StreamingHttpResponse:
    """The same as CSV or JSON, all of it."""
    entry, _ = enter_to_moderate(request.user, slug)
    if kind not in CONTENT_TYPES:
        raise Http404(gettext("There is no such page."))
    found = log.actions_of(entry.jam, entry.duties, log.wanted_from(request.GET))
    lines = _csv(log.rows_of(found)) if kind == "csv" else _json(log.rows_of(found))
    answer = StreamingHttpResponse(lines, content_type=CONTENT_TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{entry.jam.slug}-log.{kind}"'
    return answer


class _Echo:
    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(log.COLUMNS)
    for row in rows:
        cells = (row[name] for name in log.COLUMNS)
        yield writer.writerow(
            harmless(json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict) else str(cell)) for cell in cells
        )


def _json(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield "["
    for number, row in enumerate(rows):
        yield ("," if number else "") + "\n" + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"
