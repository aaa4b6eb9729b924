"""Sending a picture that the site made to who may see it."""

from __future__ import annotations

import logging

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from jam.access import enter
from jam.models import LookPicture

log = logging.getLogger(__name__)

# In a browser of its own the picture is pixels, and nothing that runs or loads.
POLICY = "default-src 'none'; sandbox"


def picture_answer(request: HttpRequest, key: str, file: FieldFile) -> HttpResponse:
    """The picture, or that the browser has it. Raises Http404 where the file is gone from MEDIA_ROOT."""
    etag = f'"{key}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            with file.open("rb") as opened:
                response = HttpResponse(opened.read(), content_type="image/webp")
        except FileNotFoundError:
            log.warning("The file %s is not in MEDIA_ROOT.", file.name)
            raise Http404(gettext("There is no such page.")) from None
    # What a key names never changes; who may see it may, and so no cache that others share keeps it.
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["ETag"] = etag
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Disposition"] = f'inline; filename="{key}.webp"'
    return response


@require_safe
def look_picture(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The logo or the cover of a jam, to who may know of it. Two queries."""
    entry = enter(request.user, slug)
    picture = LookPicture.objects.filter(jam=entry.jam, key=key).first()
    if picture is None:
        raise Http404(gettext("There is no such page."))
    return picture_answer(request, key, picture.file)
