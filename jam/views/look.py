"""What a page of a jam loads beside itself: its colours, and the time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from accounts.middleware import same_for_everyone
from jam.domain.accent import Palette, palette

A_YEAR = 365 * 24 * 3600


@same_for_everyone
@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def accents(request: HttpRequest, colours: list[str]) -> HttpResponse:
    """The style sheet of some accents, a class each. It says nothing about any jam, and never changes."""
    rules = "".join(_rule(colour, palette(f"#{colour}")) for colour in colours)
    return HttpResponse(f"@layer tokens{{{rules}}}", content_type="text/css; charset=utf-8")


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
