"""What happens to a text that a verb did not take."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jam.domain.errors import OutsideWindow, Refused
from jam.domain.rules import RulesNotAccepted
from jam.models import Member
from threads.domain import drafts
from threads.domain.gate import Held
from threads.domain.locking import LOCKED
from threads.forms import ReplyForm
from threads.models import Draft
from threads.views.frame import P, View, asks_json, refusal_json, refusal_text

KEPT = {
    "idea": _("Your idea was not posted; it is kept in your drafts."),
    "reply": _("Your reply was not posted; it is kept in your drafts."),
}


def draft_json(draft: Draft) -> dict[str, Any]:
    """A draft as our modules go on with it: see static/js/drafts.js."""
    return {"subject": draft.subject, "body": draft.body, "tags": draft.tags, **state_json(draft)}


def state_json(draft: Draft) -> dict[str, str]:
    return {"version": drafts.version(draft), "saved_at": draft.saved_at.isoformat(timespec="seconds")}


def signed_in(view: View[P]) -> View[P]:
    """Asks a visitor to sign in, and gives back what they had written when their session had ended meanwhile."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        typed = {name: request.POST.get(name, "") for name in ("subject", "body")}
        if asks_json(request) or not any(text.strip() for text in typed.values()):
            return redirect_to_login(request.get_full_path())
        return render(request, "threads/signed_out.html", {"typed": typed}, status=403)

    return wrapper


def refused_form(
    request: HttpRequest,
    refused: Refused,
    form: ReplyForm,
    *,
    member: Member,
    place: str,
    thing: str,
    page: Callable[..., HttpResponse],
) -> HttpResponse:
    """The form again, with what was typed and why it was not taken; after the close, or once the thread is locked, the
    text goes to the drafts.

    `thing` is what was not posted, in a word; `page` renders the form's own page with a status and a notice.
    """
    if isinstance(refused, Held):
        return _kept_for_a_look(request, refused, member)
    if isinstance(refused, OutsideWindow) or refused.code == LOCKED:
        return _too_late(request, refused, form, member=member, place=place, thing=thing, page=page)
    if isinstance(refused, RulesNotAccepted):
        # Who reads the rules leaves this page: what they typed waits for them in the form.
        drafts.save(member=member, place=place, late=False, **form.typed())
    form.refuse(refused)
    if refused.code == "idempotency_key":
        form.renew()
    if asks_json(request):
        more = {"rules": reverse("jam:rules", args=[member.jam.slug])} if refused.code == "rules" else {}
        return refusal_json(refused, errors=form.errors, **more)
    return page(status=refused.status)


def _kept_for_a_look(request: HttpRequest, held: Held, member: Member) -> HttpResponse:
    if asks_json(request):
        return refusal_json(held)
    messages.success(request, held.message)
    return redirect("moderation:matters", member.jam.slug)


def invalid_form(request: HttpRequest, form: ReplyForm, *, page: Callable[..., HttpResponse]) -> HttpResponse:
    """The form again, with what the form itself found."""
    form.renew()
    if asks_json(request):
        return JsonResponse({"message": form.first_error(), "code": "invalid", "errors": form.errors}, status=422)
    return page(status=422)


def _too_late(
    request: HttpRequest,
    refused: Refused,
    form: ReplyForm,
    *,
    member: Member,
    place: str,
    thing: str,
    page: Callable[..., HttpResponse],
) -> HttpResponse:
    kept = drafts.save(member=member, place=place, late=isinstance(refused, OutsideWindow), **form.typed())
    notice = refusal_text(refused)
    if kept is not None:
        notice = f"{notice} {KEPT[thing]}"
    if asks_json(request):
        link = reverse("threads:drafts", args=[member.jam.slug])
        answer = {"message": notice, "code": refused.code, "drafts": link}
        if isinstance(refused, OutsideWindow):
            answer["phase"] = refused.phase
        return JsonResponse(answer, status=refused.status)
    return page(status=refused.status, notice=notice)
