"""The page of exports, and the downloads behind it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jam import access
from jam.models import Jam
from jam.views.frame import jam_frame
from jam.views.refusals import refused_page
from results.exports.errors import ExportRefused
from results.exports.formats import FORMATS, Format, export


@login_required
@require_safe
@never_cache
def jam_export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The formats to choose from; with ?format=, the file. For who administers the jam."""
    entry = access.enter(request.user, slug)
    if not entry.can_administer:
        raise Http404(gettext("There is no such page."))
    if "format" not in request.GET:
        return render(request, "results/export.html", jam_frame(entry) | {"formats": FORMATS.values()})
    chosen = FORMATS.get(request.GET["format"])
    if chosen is None:
        raise Http404(gettext("There is no such format."))
    try:
        return _download(entry.jam, chosen)
    except ExportRefused as refused:
        return refused_page(request, refused)


def _download(jam: Jam, chosen: Format) -> FileResponse:
    """The file, written whole before its first byte goes out: an error is a page and not half a file."""
    name = f"{jam.slug}-{chosen.name}{chosen.suffix}"
    with tempfile.TemporaryDirectory(prefix="jam-export-") as folder:
        path = Path(folder) / name
        export(jam, chosen.name, path)
        # The open file outlives its name, and is closed with the response.
        return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=chosen.media_type)
