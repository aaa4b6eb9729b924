"""Who is in a jam: the list of people, a page for each, and what one says of oneself."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from jam.access import Entry
from jam.domain import guest_hours, membership, naming
from jam.domain.errors import Refused
from jam.forms.occasions import ProfileForm
from jam.views.frame import jam_frame
from threads.access import enter_to_read, person_of
from threads.collected import show
from threads.domain import follows, people
from threads.domain.follows import Thing
from threads.views.frame import answers_refusals, require_member


@require_safe
@login_required
@answers_refusals
def person_list(request: HttpRequest, slug: str) -> HttpResponse:
    """For members, and for who runs the site."""
    entry = enter_to_read(request.user, slug)
    if not entry.can_facilitate:
        require_member(entry)
    frame = jam_frame(entry)
    words, affiliation = request.GET.get("q", "")[:100], request.GET.get("from", "")[:120]
    found, more = people.search(
        entry.jam, words=_plain(words), affiliation=_plain(affiliation), after=_number(request, "after")
    )
    context = {"people": found, "more": more, "q": words, "affiliation": affiliation}
    return render(request, "threads/people.html", frame | context)


@require_safe
@login_required
@answers_refusals
def person_detail(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    frame = jam_frame(entry)
    shown = person_of(entry, member_id)
    before = _number(request, "before")
    posts, more = people.posts_by(shown, before=before)
    context = {
        "shown": shown,
        "is_me": entry.member is not None and shown.pk == entry.member.pk,
        "written": people.written_by(shown),
        "rows": show(((post, "") for post in posts), writer=shown, with_ideas=True),
        "more": more,
        "is_first_page": before is None,
        "hours": guest_hours.coming_of(shown, entry.now),
        "following": follows.follows_one(entry.member, Thing(person=shown)),
    }
    return render(request, "threads/person.html", frame | context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals
def person_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own name, affiliation and few words in this jam."""
    entry = enter_to_read(request.user, slug)
    member = require_member(entry)
    fixed = naming.fixed_fields(member)
    if request.method != "POST":
        initial = {name: getattr(member, name) for name in ("name", "affiliation", "about")}
        return _edit_page(request, entry, ProfileForm(initial=initial, fixed=fixed))
    form = ProfileForm(request.POST, fixed=fixed)
    if not form.is_valid():
        return _edit_page(request, entry, form, status=422)
    try:
        membership.change_profile(member=member, **{"name": member.name, "affiliation": ""} | form.cleaned_data)
    except Refused as refused:
        form.refuse(refused)
        return _edit_page(request, entry, form, status=refused.status)
    messages.success(request, gettext("Saved. It shows beside everything you wrote here."))
    return redirect("threads:person", slug, member.pk)


def _edit_page(request: HttpRequest, entry: Entry, form: ProfileForm, *, status: int = 200) -> HttpResponse:
    return render(request, "threads/person_edit.html", {**jam_frame(entry), "form": form}, status=status)


def _plain(text: str) -> str:
    """PostgreSQL takes no NUL; no name has one."""
    return text.replace("\0", " ").strip()


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
