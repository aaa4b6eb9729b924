"""The people of the site, for its admins."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Person
from jam.access import may_on_site
from jam.domain import site_admins
from jam.domain.errors import Invalid, Refused
from jam.domain.phases import database_now
from jam.roles import SiteRight
from jam.views.refusals import refused_page

WORDS_MAX = 100


def _enter(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person) or not may_on_site(request.user, SiteRight.PEOPLE):
        raise Http404(gettext("There is no such page."))
    return request.user


@require_safe
@login_required
@never_cache
def site_person_list(request: HttpRequest) -> HttpResponse:
    _enter(request)
    words, after, admins = request.GET.get("q", "")[:WORDS_MAX], request.GET.get("after", ""), "admins" in request.GET
    number = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else None
    found, more = site_admins.search(words=words.replace("\0", " "), admins=admins, after=number)
    return render(request, "jam/site_people.html", {"people": found, "more": more, "q": words, "admins": admins})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def site_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Somebody, and the jams that they are in: never as whom, which some jams do not tell. POST: admin=yes or no."""
    admin = _enter(request)
    person = Person.objects.filter(pk=person_id, email__isnull=False).first()
    if person is None:
        raise Http404(gettext("There is nobody like that."))
    if request.method == "POST":
        return _change(request, person, admin)
    context = {
        "shown": person,
        "jams": site_admins.jams_of(person),
        "is_me": person.pk == admin.pk,
        "is_over": person.suspended_until is not None and person.suspended_until <= database_now(),
    }
    return render(request, "jam/site_person.html", context)


def _change(request: HttpRequest, person: Person, admin: Person) -> HttpResponse:
    try:
        if request.POST.get("admin") == "yes":
            site_admins.appoint(person=person, by=admin)
            messages.success(request, gettext("%(name)s is an admin of the site now.") % {"name": person.name})
        elif request.POST.get("admin") == "no":
            site_admins.dismiss(person=person, by=admin)
            messages.success(request, gettext("%(name)s is no longer an admin of the site.") % {"name": person.name})
        else:
            raise Invalid(gettext("Say what they are to be."), code="admin", field="admin")
    except Refused as refused:
        return refused_page(request, refused)
    return redirect("jam:list") if person.pk == admin.pk else redirect("jam:site_person", person.pk)
