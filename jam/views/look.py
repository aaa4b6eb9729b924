"""What a page loads beside itself: a jam's colours, the words of its scripts, and the time."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from accounts.middleware import same_for_everyone
from jam.domain.accent import Palette, palette
from jam.words import script_of

A_YEAR = 365 * 24 * 3600


@same_for_everyone
@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def accents(request: HttpRequest, colours: list[str]) -> HttpResponse:
    """The style sheet of some accents, a class each. It says nothing about any jam, and never changes."""
    rules = "".join(_rule(colour, palette(f"#{colour}")) for colour in colours)
    return HttpResponse(f"@layer tokens{{{rules}}}", content_type="text/css; charset=utf-8")


@same_for_everyone
@require_safe
def words(request: HttpRequest, language: str, stamp: str) -> HttpResponse:
    """The words of the scripts in a language. Kept for good under the name that this state of them has."""
    script = script_of(language)
    if script is None:
        raise Http404
    response = HttpResponse(script.text, content_type="text/javascript; charset=utf-8")
    if stamp == script.stamp:
        patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    else:
        add_never_cache_headers(response)  # asked for by a page of another version of the site
    return response


def _rule(colour: str, shown: Palette) -> str:
    pairs = {
        "accent": (shown.light.accent, shown.dark.accent),
        "accent-strong": (shown.light.strong, shown.dark.strong),
        "accent-soft": (shown.light.soft, shown.dark.soft),
        "on-accent": (shown.light.on, shown.dark.on),
    }
    words = ";".join(f"--{name}:light-dark({light},{dark})" for name, (light, dark) in pairs.items())
    return f".accent-{colour}{{{words}}}"


@same_for_everyone
@require_safe
@never_cache
def clock(request: HttpRequest) -> JsonResponse:
    """The server's time in milliseconds, for a tab whose machine slept."""
    return JsonResponse({"now": round(timezone.now().timestamp() * 1000)})
