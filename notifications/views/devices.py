"""Turning messages on and off for the device that asks. static/js/push.js calls these; to end all needs no script."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.models import Person
from jam.domain.errors import Refused
from notifications.domain import devices


@require_POST
@login_required
def add(request: HttpRequest) -> JsonResponse:
    """This device gets messages, as long as the session lasts."""
    try:
        device = devices.add(
            person=_person(request),
            endpoint=request.POST.get("endpoint", ""),
            p256dh=request.POST.get("p256dh", ""),
            auth=request.POST.get("auth", ""),
        )
    except Refused as refused:
        return JsonResponse({"message": refused.message}, status=refused.status)
    request.session[devices.IN_SESSION] = device.pk
    return JsonResponse({"on": True}, status=201)


@require_POST
@login_required
def here(request: HttpRequest) -> JsonResponse:
    """Whether this device gets the reader's messages. If so they end with the session that it is in now."""
    device = devices.find(person=_person(request), endpoint=request.POST.get("endpoint", ""))
    if device is not None and request.session.get(devices.IN_SESSION) != device.pk:
        request.session[devices.IN_SESSION] = device.pk
    return JsonResponse({"on": device is not None})


@require_POST
@login_required
def end(request: HttpRequest) -> HttpResponse:
    """No more messages to the device that is named; without one, to none of them."""
    endpoint = request.POST.get("endpoint", "")
    if endpoint:
        devices.remove(person=_person(request), endpoint=endpoint)
        return JsonResponse({"on": False})
    devices.remove_all(_person(request).pk)
    messages.success(request, gettext("No device gets messages any more."))
    return redirect("notifications:settings")


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
