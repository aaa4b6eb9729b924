"""Loading a bundle in the browser."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from results.bundle.errors import BundleRefused
from results.bundle.load import Loaded, load
from results.bundle.source import open_zip
from results.forms import UPLOAD_MAX, ImportForm, too_large

# What a form adds around the file it carries.
ENVELOPE = 64 * 1024
ROWS_SHOWN = 200


# Exempt only until the size is known: the check reads the whole body to find its token. `_answer` has the check.
@csrf_exempt
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def jam_import(request: HttpRequest) -> HttpResponse:
    """For admins of the site. What is too large is turned away by its announced length, before any of it is read."""
    if not isinstance(request.user, Person) or not request.user.is_staff:
        raise Http404(gettext("There is no such page."))
    if request.method == "POST" and _announced_length(request) > UPLOAD_MAX + ENVELOPE:
        form = ImportForm({})
        form.errors.clear()
        form.add_error("bundle", too_large())
        return render(request, "results/import.html", {"form": form}, status=413)
    return _answer(request)


def _announced_length(request: HttpRequest) -> int:
    announced = request.META.get("CONTENT_LENGTH") or ""
    return int(announced) if announced.isdecimal() else 0


@csrf_protect
def _answer(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "results/import.html", {"form": ImportForm()})
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "results/import.html", {"form": form}, status=422)
    try:
        loaded = _load(form)
    except BundleRefused as refused:
        form.add_error("bundle", refused.message)
        return render(request, "results/import.html", {"form": form}, status=refused.status)
    return render(request, "results/imported.html", _account(loaded), status=201)


def _account(loaded: Loaded) -> dict[str, Any]:
    report = loaded.report
    groups = [(group, group.entries[:ROWS_SHOWN], len(group.entries) - ROWS_SHOWN) for group in report.groups()]
    return {"jam": loaded.jam, "tallies": report.tallies(), "groups": groups, "warnings": report.warnings}


def _load(form: ImportForm) -> Loaded:
    data = form.cleaned_data
    with open_zip(data["bundle"]) as source:
        return load(source, slug=data["slug"] or None, door=data["door"] or None, strict=data["strict"])
