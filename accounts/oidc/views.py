"""To a provider and back."""

from __future__ import annotations

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.oidc.asking import ProviderFailed
from accounts.oidc.provider import Exchange, Provider


@login_not_required
@never_cache
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Asks whether to go there (GET), and goes (POST).

    By a page that leads on at once: our Content-Security-Policy lets a form lead to no other site, nor redirect there.
    """
    exchange, provider = _exchange(request, provider_id)
    try:
        response: HttpResponse = OAuth2LoginView.adapter_view(exchange)(request)
    except ProviderFailed as error:
        return _failed(request, provider, error)
    if not isinstance(response, HttpResponseRedirect):
        return response
    return render(request, "socialaccount/going.html", {"provider": provider, "address": response.url})


@login_not_required
@never_cache
@require_GET
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider sends people back to."""
    exchange, provider = _exchange(request, provider_id)
    try:
        response: HttpResponse = OAuth2CallbackView.adapter_view(exchange)(request)
    except (ProviderFailed, IntegrityError) as error:  # two tabs at once sign up the same person: one of them does
        return _failed(request, provider, error)
    return response


def _exchange(request: HttpRequest, provider_id: str) -> tuple[Exchange, Provider]:
    exchange = Exchange(request, provider_id)
    try:
        provider: Provider = exchange.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    if provider.sub_id != provider_id:  # allauth also takes the name of the protocol for that of a provider
        raise Http404
    return exchange, provider


def _failed(request: HttpRequest, provider: Provider, error: Exception) -> HttpResponse:
    response: HttpResponse = render_authentication_error(request, provider, exception=error)
    return response
