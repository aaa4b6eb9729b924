"""`changes` of the HTTP API: the events of the live socket, for programs that read on at their own pace."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import StringConstraints

from live import frames
from live.domain.kinds import all_kinds
from live.domain.queries import next_changes
from live.door import ROOM, ROOMS_MAX
from live.gate import Refusal, get_gate
from live.schemas import changes_out

SINCE_END = 10**18

Room = Annotated[str, StringConstraints(pattern=f"^(?:{ROOM.pattern})$")]


def changes_router() -> Router:
    """The call, described with the kinds of all floors: so it is made when the apps are loaded, and not on import."""
    router = Router(tags=["jams"])
    router.get("jams/{slug}/changes", response=changes_out(all_kinds()))(change_list)
    return router


def change_list(
    request: HttpRequest,
    slug: str,
    since: Annotated[int, Query(ge=0, lt=SINCE_END)],
    room: Annotated[list[Room], Query(max_length=ROOMS_MAX)] = [],  # noqa: B006 (pydantic copies it)
) -> HttpResponse:
    """What happened after `since`, in order, as a frame of the live socket; ask again from its `seq` while it is ahead.

    The fragments of a thread's posts come only if its room is asked for. `{"reset": true}` says that what came after
    `since` is not kept any more, or has not happened yet: start over from the jam.
    """
    admission = get_gate().admit(request.user, slug, tuple(dict.fromkeys(room)))
    if isinstance(admission, Refusal):
        raise Http404("There is no such jam or room.")
    changes = next_changes(jam_key=admission.jam_key, rooms=admission.rooms, since=since)
    text = frames.first_frame(changes=changes, since=since, rooms=admission.rooms, counts=None, here=None)
    return HttpResponse(text, content_type="application/json")
