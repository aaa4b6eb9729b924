"""The polling twin of the socket, for where sockets are blocked and for scripts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from live import frames
from live.domain import queries
from live.domain.queries import Changes
from live.door import catch_up, come_in, user_of_token
from live.gate import Admission, Counts, Refusal


@require_safe
@never_cache
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """One frame: what happened in the rooms after `since`, and the newest votes. Without `since`, where the jam stands.

    How many are here is known only to the sockets, and not in it.
    """
    headers = {name.lower(): value for name, value in request.headers.items()}
    user = user_of_token(headers) if "authorization" in headers else request.user
    welcome = come_in(user, slug, request.GET)
    if isinstance(welcome, Refusal):
        return JsonResponse({"code": welcome.code.name.lower()}, status=welcome.code.status)
    found, counts = _found(welcome.admission, welcome.since)
    text = frames.first_frame(
        changes=found, since=welcome.since, rooms=welcome.admission.rooms, counts=counts, here=None
    )
    return HttpResponse(text, content_type="application/json")


def _found(admission: Admission, since: int | None) -> tuple[Changes, Counts | None]:
    if since is None:
        return Changes(seq=queries.seq_of(admission.jam_key), entries=()), None
    return catch_up(admission, since=since)
