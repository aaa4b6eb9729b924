"""The choice of colours, which a browser keeps in a cookie so that the first paint is right."""

from django.http import HttpRequest

THEMES = ("system", "light", "dark")
COOKIE = "jam_theme"


def theme_of(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in THEMES else "system"
