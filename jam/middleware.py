"""Looking at a jam as a participant does, for who runs it: a mode of the session, for one jam, that writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext

from jam.domain.errors import NotAllowed
from jam.models import Jam
from jam.views.refusals import refused_answer

KEY = "previewing"
"""In the session: the number of the jam."""
SAFE = ("GET", "HEAD", "OPTIONS")
ENDS = "jam:preview_end"


class PreviewMiddleware:
    """Notes with the person which jam they look at as a participant, for `jam.access.enter`, and refuses whatever would
    write in that jam. A session without a preview costs nothing; one with it a query for what is not safe."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if getattr(view, "same_for_everyone", False):
            return None
        jam_id = request.session.get(KEY)
        if jam_id is None or not request.user.is_authenticated:
            return None
        request.user.previewing = jam_id  # type: ignore[attr-defined]
        if request.method in SAFE or not _writes_in(request, jam_id, kwargs):
            return None
        refused = NotAllowed(gettext("You look at this jam as a participant: nothing is written here."), code="preview")
        if request.path.startswith("/api/"):
            body = {"type": "about:blank", "title": "Forbidden", "status": 403, "code": refused.code}
            detail = {"detail": refused.message}
            return JsonResponse(body | detail, status=403, content_type="application/problem+json")
        return refused_answer(request, refused)


def _writes_in(request: HttpRequest, jam_id: int, kwargs: dict[str, Any]) -> bool:
    """Whether the request is for this jam. Of the API the session is asked for any: a token has no session."""
    match = request.resolver_match
    if match is not None and match.view_name == ENDS:
        return False
    if request.path.startswith("/api/"):
        return "Authorization" not in request.headers
    slug = kwargs.get("slug")
    return slug is not None and Jam.objects.filter(pk=jam_id, slug=slug).exists()
