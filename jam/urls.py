"""Every address of the site."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from jam.views import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
]
# the rooms that are built so far
for _at, _module in (
    ("", "jam.views.urls"),
    ("", "accounts.urls"),
    ("", "live.urls"),
    ("jams/<slug:slug>/", "threads.urls"),
    ("", "moderation.urls"),
    ("", "results.urls"),
):
    if find_spec(_module):
        urlpatterns.append(path(_at, include(_module)))
