"""The page that sums a jam up."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from jam.access import enter
from jam.views.frame import jam_frame
from results.domain import digests
from results.models import Closing, Digest


@require_safe
def digest(request: HttpRequest, slug: str) -> HttpResponse:
    """What came of a jam: for its members also after reading has ended, with their own part."""
    entry = enter(request.user, slug)
    if entry.member is None and not entry.can_read:
        raise Http404(gettext("There is no such page."))
    frame = jam_frame(entry)
    closing = Closing.objects.select_related("jam").filter(jam=entry.jam).order_by("-closed_at").first()
    if closing is None:
        return render(request, "results/digest_waiting.html", frame)
    mine = Digest.objects.filter(closing=closing, member=entry.member).first() if entry.member else None
    return render(request, "results/digest.html", frame | digests.page(mine, closing))
