"""Every address of the site."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic.base import RedirectView

from accounts.views.signing_up import sign_up
from jam.api import api
from jam.views import health
from threads.views.search import search_everywhere

handler404 = "moderation.views.matters.not_found"
handler500 = "jam.views.failures.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("api/v1/", api.urls),
    # Ours shows each of them and ends one alone.
    path("accounts/sessions/", RedirectView.as_view(pattern_name="accounts:sessions")),
    path("accounts/signup/", sign_up, name="account_signup"),
    path("accounts/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("", include("jam.views.urls")),
    path("", include("live.urls")),
    path("search/", search_everywhere, name="search"),
    path("notifications/", include("notifications.urls")),
    path("jams/<slug:slug>/", include("threads.urls")),
    path("", include("moderation.urls")),
    path("", include("results.urls")),
]
