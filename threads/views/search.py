"""Search in one jam, and in all that somebody may read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jam.access import readable_jams
from jam.domain.errors import Refused
from jam.models import Jam
from jam.views.frame import jam_frame
from threads.access import enter_to_read
from threads.domain import search
from threads.search_form import SearchForm

PAGE_DIGITS = 4


@require_safe
@login_required
def jam_search(request: HttpRequest, slug: str) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    form = SearchForm(request.GET, forums=entry.jam.forums.all())
    context = jam_frame(entry) | {"action": reverse("threads:search", args=[slug])}
    return _page(request, "threads/search.html", form, jams=[entry.jam], context=context)


@require_safe
@login_required
def search_everywhere(request: HttpRequest) -> HttpResponse:
    jams = readable_jams(request.user)
    context = {"action": reverse("search"), "everywhere": True}
    return _page(request, "threads/search_everywhere.html", SearchForm(request.GET), jams=jams, context=context)


def _page(
    request: HttpRequest, template: str, form: SearchForm, *, jams: Iterable[Jam], context: dict[str, Any]
) -> HttpResponse:
    found = None
    if form.is_valid() and form.asks():
        try:
            found = search.find(jams, form.wanted(), number=_page_number(request))
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    by_id = {jam.pk: jam for jam in jams}
    context |= {
        "form": form,
        "found": found,
        "rows": [{"hit": hit, "jam": by_id[hit.jam_id]} for hit in (found.hits if found else ())],
        "previous": _other_page(request, found.number - 1) if found and found.number > 1 else "",
        "next": _other_page(request, found.number + 1) if found and found.number < found.pages else "",
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _page_number(request: HttpRequest) -> int:
    page = request.GET.get("page", "")
    return int(page) if page.isdecimal() and len(page) <= PAGE_DIGITS else 1


def _other_page(request: HttpRequest, number: int) -> str:
    """The address of another page of the same search, from this one."""
    asked = request.GET.copy()
    asked["page"] = str(number)
    return "?" + asked.urlencode()
