"""One's own data: what is kept, taking it home, and having the account deleted."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import tasks
from accounts.domain import leaving, taking_out
from accounts.domain.personal import HOLDINGS
from accounts.models import Person

# Leaving, and having all one's data in one file, is asked of somebody who has just shown who they are.
confirmed = reauthentication_required(app="allauth.account")


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """What the site keeps, for how long, and who sees it: from what each floor declares."""
    context = {
        "holdings": HOLDINGS.values(),
        "contact": settings.CONTACT_EMAIL,
        "address_days": settings.SIGN_IN_DATA_DAYS,
        "leaving_days": settings.ACCOUNT_DELETION_DAYS,
    }
    return render(request, "accounts/kept.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        answer: HttpResponse = ask_for_file(request)
        return answer
    person = _person(request)
    departure = leaving.departure_of(person)
    context = {
        "file": taking_out.file_of(person),
        "departure": departure,
        # What came into the way after it was asked for holds it up, and is said here.
        "obstacles": leaving.obstacles_of(person) if departure else [],
    }
    return render(request, "accounts/data.html", context)


@confirmed
def ask_for_file(request: HttpRequest) -> HttpResponse:
    file = taking_out.ask(_person(request))
    if file.ends_at is None:
        tasks.make_data_file.delay(_person(request).pk)
        messages.success(request, gettext("Your file is being made. A mail tells you when it is there."))
    else:
        messages.info(request, gettext("A file was made just now. It is below."))
    return redirect("accounts:data")


@login_required
@never_cache
@require_safe
def data_file(request: HttpRequest) -> HttpResponseBase:
    """Their own file, to nobody else."""
    file = taking_out.file_of(_person(request))
    if file is None or file.ends_at is None or not default_storage.exists(file.path):
        raise Http404(gettext("There is no such file."))
    name = f"{settings.SITE_NAME}-{timezone.localdate(file.asked_at)}.zip"
    return FileResponse(default_storage.open(file.path), as_attachment=True, filename=name)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Says what goes and what stays before it is asked for."""
    if request.method == "POST":
        answer: HttpResponse = ask_to_leave(request)
        return answer
    return _delete_page(request, leaving.obstacles_of(_person(request)))


@confirmed
def ask_to_leave(request: HttpRequest) -> HttpResponse:
    if "sure" not in request.POST:
        return _delete_page(request, leaving.obstacles_of(_person(request)), unsure=True, status=422)
    try:
        leaving.ask(_person(request))
    except leaving.CannotLeave as refused:
        return _delete_page(request, refused.obstacles, status=409)
    tasks.tell_of_leaving.delay(_person(request).pk)
    return redirect("accounts:data")


def _delete_page(
    request: HttpRequest, obstacles: list[leaving.Obstacle], *, unsure: bool = False, status: int = 200
) -> HttpResponse:
    context = {
        "obstacles": obstacles,
        "consequences": leaving.consequences_for(_person(request)),
        "departure": leaving.departure_of(_person(request)),
        "holdings": HOLDINGS.values(),
        "days": settings.ACCOUNT_DELETION_DAYS,
        "unsure": unsure,
    }
    return render(request, "accounts/delete.html", context, status=status)


@login_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    if leaving.keep(_person(request)):
        messages.success(request, gettext("You keep your account."))
    return redirect("accounts:data")
