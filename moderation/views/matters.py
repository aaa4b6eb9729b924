"""What concerns one's own posts: what was done and why, what waits, and writing to those who run the jam."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe
from django.views.defaults import page_not_found

from jam.access import Entry, Suspended, enter, is_suspended
from jam.domain.errors import Refused
from jam.domain.phases import database_now
from jam.models import Member
from jam.roles import Right
from jam.views.frame import jam_frame
from moderation.domain import talks
from moderation.forms import MessageForm
from moderation.models import Action, ActionKind, HeldPost, Talk
from threads.models import Post
from threads.views.frame import asks_json
from threads.views.writing import signed_in

SHOWN = 50
# What somebody is told of. The others are for the staff among themselves.
TOLD = [
    ActionKind.HIDE, ActionKind.RESTORE, ActionKind.EDIT, ActionKind.WARN, ActionKind.SLOW, ActionKind.UNSLOW,
    ActionKind.SUSPEND, ActionKind.LIFT, ActionKind.LET_IN, ActionKind.TURN_AWAY, ActionKind.DISMISS,
]  # fmt: skip


def enter_as_member(request: HttpRequest, slug: str, right: Right = Right.OWN) -> tuple[Entry, Member]:
    entry = enter(request.user, slug)
    if entry.member is None or not entry.may(right):
        raise Http404(gettext("There is no such page."))
    return entry, entry.member


@login_required
@require_safe
def matters_page(request: HttpRequest, slug: str) -> HttpResponse:
    """All of it, the newest first."""
    entry, member = enter_as_member(request, slug)
    frame = jam_frame(entry)
    context = frame | {
        "actions": _told(Action.objects.filter(subject=member)),
        "held": HeldPost.objects.filter(author=member).select_related("forum", "parent").order_by("-pk")[:SHOWN],
        "talks": Talk.objects.filter(member=member).select_related("post", "held").order_by("-last_at")[:SHOWN],
    }
    return render(request, "moderation/matters.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def matter_post(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    entry, member = enter_as_member(request, slug)
    post = Post.objects.select_related("thread__forum").filter(jam=entry.jam, author=member, pk=post_id).first()
    if post is None or not (actions := _told(Action.objects.filter(post=post))):
        raise Http404(gettext("There is no such page."))
    talk = Talk.objects.filter(member=member, post=post).first()
    return _matter(request, entry, member, talk=talk, about={"post": post}, actions=actions)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def matter_held(request: HttpRequest, slug: str, held_id: int) -> HttpResponse:
    entry, member = enter_as_member(request, slug)
    held = HeldPost.objects.filter(jam=entry.jam, author=member, pk=held_id).first()
    if held is None:
        raise Http404(gettext("There is no such page."))
    actions = _told(Action.objects.filter(subject=member, kind=ActionKind.TURN_AWAY, after__held=held.pk))
    talk = Talk.objects.filter(member=member, held=held).first()
    return _matter(request, entry, member, talk=talk, about={"held": held}, actions=actions)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def matter_talk(request: HttpRequest, slug: str, talk_id: int) -> HttpResponse:
    entry, member = enter_as_member(request, slug)
    talk = Talk.objects.select_related("post", "held").filter(jam=entry.jam, member=member, pk=talk_id).first()
    if talk is None:
        raise Http404(gettext("There is no such page."))
    actions = _told(Action.objects.filter(post=talk.post)) if talk.post else []
    return _matter(request, entry, member, talk=talk, about={"post": talk.post, "held": talk.held}, actions=actions)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def message_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A message to those who run the jam, from any page of it: `?page=` says from which."""
    entry, member = enter_as_member(request, slug, Right.CALL)
    form = MessageForm(request.POST or None, initial={"page": request.GET.get("page", "")})
    status, sent = _send(request, form, member)
    if sent is not None:
        messages.success(request, gettext("Your message is sent. You will be told of the answer."))
        return redirect("moderation:matter_talk", slug, sent)
    return render(request, "moderation/message.html", jam_frame(entry) | {"form": form}, status=status)


def _matter(
    request: HttpRequest, entry: Entry, member: Member, *, talk: Talk | None, about: dict[str, Any], actions: Any
) -> HttpResponse:
    form = MessageForm(request.POST or None)
    to = {"talk": talk} if talk else about
    status, sent = _send(request, form, member, **to)
    if sent is not None:
        messages.success(request, gettext("Your message is sent. You will be told of the answer."))
        return redirect(request.path)
    context = (
        jam_frame(entry)
        | about
        | {
            "actions": actions,
            "talk": talk,
            "said": list(talk.messages.all()) if talk else (),
            "form": form,
            "can_write": entry.may(Right.CALL),
        }
    )
    return render(request, "moderation/matter.html", context, status=status)


def _send(request: HttpRequest, form: MessageForm, member: Member, **to: Any) -> tuple[int, int | None]:
    """The status of the page, and the talk that a message went to if one was sent."""
    if request.method != "POST":
        return 200, None
    if not form.is_valid():
        return 422, None
    try:
        message = talks.write(member=member, words=form.cleaned_data["words"], page=form.cleaned_data["page"], **to)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return refused.status, None
    return 200, message.talk_id


def _told(found: Any) -> Sequence[Action]:
    return list(found.filter(kind__in=TOLD).select_related("post").order_by("-pk")[:SHOWN])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def suspended_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What somebody who is suspended sees in place of every page of the jam; who is not goes to the jam."""
    try:
        entry = enter(request.user, slug)
    except Suspended as suspended:
        return show_suspended(request, suspended)
    if entry.member is None or not is_suspended(entry.member, entry.now):
        return redirect("threads:home", slug)
    return show_suspended(request, Suspended(entry.jam, entry.member))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of what is not there, or not for who asks; who is suspended is told that, and nobody else."""
    if not isinstance(exception, Suspended) or exception.member.person_id != request.user.pk:
        return page_not_found(request, exception)
    if asks_json(request):
        return JsonResponse({"message": str(exception), "code": "suspended"}, status=403)
    return show_suspended(request, exception)


def show_suspended(request: HttpRequest, suspended: Suspended) -> HttpResponse:
    """Why, and till when; a message to those who run the jam; and the text of a form that was sent meanwhile."""
    jam, member = suspended.jam, suspended.member
    here = reverse("moderation:suspended", args=[jam.slug])
    writes = request.method == "POST" and request.path == here
    form = MessageForm(request.POST if writes else None)
    talk = Talk.objects.filter(member=member, post=None, held=None).order_by("-pk").first()
    if writes:
        _, sent = _send(request, form, member, talk=talk)
        if sent is not None:
            messages.success(request, gettext("Your message is sent. You will be told of the answer."))
            return redirect(here)
    typed = {} if writes else {name: request.POST.get(name, "") for name in ("subject", "body", "words")}
    action = Action.objects.filter(subject=member, kind=ActionKind.SUSPEND).order_by("-pk").first()
    context = {
        "jam": jam,
        "whose": member,
        "now": database_now(),
        "action": action,
        "form": form,
        "typed": {name: text for name, text in typed.items() if text.strip()},
        "said": list(talk.messages.all()) if talk else (),
        "here": here,
    }
    return render(request, "moderation/suspended.html", context, status=403)
