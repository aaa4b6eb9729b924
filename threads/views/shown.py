"""What a reader was shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from threads.access import enter_to_read
from threads.domain import fairness
from threads.views.frame import answers_refusals, require_member
from threads.views.ideas import offers_places
from threads.views.writing import signed_in

AT_ONCE = 100
DIGITS = 18


@require_POST
@signed_in
@answers_refusals
def ideas_shown(request: HttpRequest, slug: str) -> HttpResponse:
    """Notes that ideas were in view in a list: `thread`, as often as there are, at most 100 of them.

    What is no number of a thread of this jam is passed over. Outside the window nothing is noted.
    """
    entry = enter_to_read(request.user, slug)
    member = require_member(entry)
    sent = request.POST.getlist("thread")[:AT_ONCE]
    threads = [int(number) for number in sent if number.isascii() and number.isdecimal() and len(number) <= DIGITS]
    if threads and offers_places(entry):
        fairness.show(member=member, thread_ids=threads)
    return HttpResponse(status=204)
