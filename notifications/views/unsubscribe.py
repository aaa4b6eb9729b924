"""Being rid of mails from within a mail, without signing in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import languages
from notifications.domain import unsubscribing


# A mail program sends this by itself (RFC 8058): it has no session, no cookie and no token of a form.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ends mails on POST. On GET it is a page with a button, since what looks through mails opens their links."""
    subscription = unsubscribing.read(token)
    if subscription is None:
        raise Http404("There is no such page.")
    done = request.method == "POST"
    kinds = unsubscribing.end(subscription) if done else subscription.kinds
    with languages.of(subscription.person, otherwise=get_language() or ""):
        response = render(
            request, "notifications/unsubscribe.html", {"kinds": kinds, "done": done, "reader": subscription.person}
        )
    response["Referrer-Policy"] = "no-referrer"
    return response
