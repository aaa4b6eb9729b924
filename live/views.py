"""The polling twin of the socket, for where sockets are blocked and for scripts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from live import frames
from live.domain import queries
from live.domain.queries import Changes
from live.door import catch_up, come_in, let_in, parse
from live.gate import Admission, Counts, Refusal


@require_safe
@never_cache
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """One frame: what happened in the rooms after `since`, and the newest votes. Without `since`, where the jam stands.

    How many are here is known only to the sockets, and not in it.
    """
    call = parse({name.lower(): value for name, value in request.headers.items()}, slug, request.GET)
    if isinstance(call, Refusal):
        return _refused(call)
    # Whose session it is the page's middleware knows already.
    answer = come_in(call.caller) if call.caller.token is not None else let_in(request.user, call.caller)
    if isinstance(answer, Refusal):
        return _refused(answer)
    found, counts = _found(answer, call.since)
    text = frames.first_frame(changes=found, since=call.since, rooms=answer.rooms, counts=counts, here=None)
    return HttpResponse(text, content_type="application/json")


def _refused(refusal: Refusal) -> HttpResponse:
    return JsonResponse({"code": refusal.code.name.lower()}, status=refusal.code.status)


def _found(admission: Admission, since: int | None) -> tuple[Changes, Counts | None]:
    if since is None:
        return Changes(seq=queries.seq_of(admission.jam_key), entries=()), None
    return catch_up(admission, since=since)
