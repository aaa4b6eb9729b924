"""The site as an app on one's device: its manifest, its worker, and the page that is shown without a line."""

from __future__ import annotations

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from accounts.middleware import same_for_everyone
from accounts.models import Person

A_DAY = 24 * 3600
ICONS = (("app-192", 192, "any"), ("app-512", 512, "any"), ("app-maskable-192", 192, "maskable"),
         ("app-maskable-512", 512, "maskable"))  # fmt: skip
GROUND, ACCENT = "#f5f7f6", "#0b6670"  # --ground and --accent of static/css/tokens.css, in the light
# The worker's own modules, in the order in which they are loaded; what is not there is left out.
WORKER = ("js/outbox.js", "js/worker.js", "js/sw-push.js")


@same_for_everyone
@require_safe
@cache_control(public=True, max_age=A_DAY)
def manifest(request: HttpRequest) -> JsonResponse:
    icons = [
        {"src": static(f"icons/{name}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, size, purpose in ICONS
    ]
    described = {
        "id": "/",
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME[:12].strip(),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": ACCENT,
        "icons": icons,
    }
    return JsonResponse(described, content_type="application/manifest+json")


@same_for_everyone
@require_safe
@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """Its own text changes with any static file, which is how a browser notices that there is a new one."""
    context = {
        "version": getattr(staticfiles_storage, "manifest_hash", "") or "plain",
        "modules": [static(name) for name in WORKER if finders.find(name)],
        "offline": reverse("jam:offline"),
        "icon": static("icons/app-192.png"),
    }
    return render(request, "jam/worker.js", context, content_type="text/javascript; charset=utf-8")


@same_for_everyone
@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """What the worker shows where there is no line and no kept page. The page itself lists what is kept.

    Rendered without the request: it outlasts who is signed in, so it names nobody.
    """
    return HttpResponse(render_to_string("jam/offline.html", {"site_name": settings.SITE_NAME}))


@require_safe
@never_cache
def whoami(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and the token that a form of theirs needs now: for what was written without a line."""
    person = request.user.pk if isinstance(request.user, Person) else None
    return JsonResponse({"person": person, "token": get_token(request)})
