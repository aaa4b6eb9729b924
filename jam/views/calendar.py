"""The calendar file of a jam."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from jam.access import enter
from jam.domain import guest_hours
from jam.domain.calendar import calendar_of
from jam.views.frame import home_of


@require_safe
@cache_control(private=True, no_cache=True)
def jam_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """For whoever may know of the jam, to be put down before one joins. Guests are named to who may hear of them."""
    entry = enter(request.user, slug)
    jam = entry.jam
    if jam.opens_at is None or jam.closes_at is None:
        raise Http404(gettext("This jam has no window yet."))
    hours = guest_hours.all_of(jam) if entry.can_hear else ()
    file = calendar_of(jam, address=settings.SITE_URL + home_of(jam), now=entry.now, hours=hours)
    return HttpResponse(
        file,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{jam.slug}.ics"'},
    )
