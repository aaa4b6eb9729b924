"""The provider's pages: its own form to sign in, and the toolkit's endpoints."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import include, path
from django.utils.html import format_html
from oauth2_provider.oauth2_validators import OAuth2Validator

PAGE = """<!doctype html><title>Harbour</title><form method="post">
<input type="hidden" name="csrfmiddlewaretoken" value="{}">
<label>Name <input name="username"></label><label>Password <input name="password" type="password"></label>
<button>Come in</button></form>"""


class Validator(OAuth2Validator):  # type: ignore[misc]
    """Says of people what people.json says of them."""

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        people: dict[str, dict[str, Any]] = json.loads((settings.FOLDER / "people.json").read_text())
        return people[request.user.username]


def sign_in(request: HttpRequest) -> HttpResponse:
    person = authenticate(request, username=request.POST.get("username"), password=request.POST.get("password"))
    if person is None:
        return HttpResponse(format_html(PAGE, get_token(request)))
    login(request, person)
    return HttpResponseRedirect(request.GET["next"])


urlpatterns = [path("login/", sign_in), path("o/", include("oauth2_provider.urls", namespace="oauth2_provider"))]
