"""The queue of those who run a jam: what waits for a look, and one matter of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from jam.access import Entry
from jam.domain.errors import Refused
from jam.models import Member
from jam.views.frame import jam_frame
from moderation.domain import handling, held, posts, queue, talks
from moderation.domain.policy import of as policy_of
from moderation.models import Case, CaseKind, FlagKind, HeldPost, HeldState, Holding, Talk
from moderation.views.doors import case_of, enter_to_moderate
from threads.models import Post, PostStatus
from threads.views.frame import answers_refusals


@login_required
@require_http_methods(["GET", "HEAD"])
def queue_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits, the longest first; `?what=` one kind of it."""
    entry, _ = enter_to_moderate(request.user, slug)
    frame = jam_frame(entry)
    what = request.GET.get("what", "")
    what = what if what in CaseKind.values else ""
    page = queue.page_of(entry.jam, entry.duties, what=what, after=request.GET.get("after", ""))
    tabs = [("", gettext("All"), "all"), (CaseKind.POST, gettext("Flagged"), CaseKind.POST)]
    tabs += [(CaseKind.HELD, gettext("Waiting"), CaseKind.HELD)]
    tabs += [(CaseKind.TALK, gettext("Messages"), CaseKind.TALK)]
    context = frame | {
        "page": page,
        "what": what,
        "is_first": not request.GET.get("after"),
        "tabs": [(value, words, page.counts.get(key, 0)) for value, words, key in tabs],
        "next": "?" + urlencode({"what": what, "after": page.more}) if page.more else "",
        "holding": policy_of(entry.jam).holding,
        "nobody": Holding.NOBODY.value,
    }
    return render(request, "moderation/queue.html", context)


@login_required
@require_POST
@answers_refusals
def let_all_in(request: HttpRequest, slug: str) -> HttpResponse:
    entry, member = enter_to_moderate(request.user, slug)
    posted, failed = held.let_all_in(member=member, forums=entry.duties)
    messages.success(request, ngettext("%(count)s post was let in.", "%(count)s posts were let in.", posted) % {
        "count": posted
    })  # fmt: skip
    if failed:
        words = ngettext("%(count)s could not be posted and waits.", "%(count)s could not be posted and wait.", failed)
        messages.warning(request, words % {"count": failed})
    return redirect("moderation:queue", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals
def case_page(request: HttpRequest, slug: str, case_id: int) -> HttpResponse:
    """One matter with what stands around it, and what can be done. What was done leads to the next."""
    entry, member = enter_to_moderate(request.user, slug)
    case = case_of(entry, case_id)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            said = _act(request.POST, case, member)
        except Refused as refusal:
            refused = refusal
        else:
            if said:
                messages.success(request, said)
            return _onwards(entry, case, stays=not said)
    return _show(request, entry, case, refused)


def _onwards(entry: Entry, case: Case, *, stays: bool) -> HttpResponse:
    if stays:
        return redirect("moderation:case", entry.jam.slug, case.pk)
    following = queue.next_after(case, entry.jam, entry.duties)
    if following is None:
        return redirect("moderation:queue", entry.jam.slug)
    return redirect("moderation:case", entry.jam.slug, following.pk)


def _show(request: HttpRequest, entry: Entry, case: Case, refused: Refused | None) -> HttpResponse:
    frame = jam_frame(entry)
    whose = case.post.author if case.post else case.held.author if case.held else _talk(case).member
    about = case.post or (case.talk.post if case.talk else None)
    flags = queue.flags_of(case)
    context = frame | {
        "case": case,
        "whose": whose,
        "about": about,
        "flags": flags,
        "messages_of": list(case.talk.messages.select_related("by")) if case.talk else (),
        "around": queue.context_of(about, case.held.parent if case.held else None),
        "history": queue.history_of(whose),
        "handled": handling.of(entry.jam).get((case.kind, queue.number_of(case))),
        "by_site": case.post is not None and posts.is_hidden_by_site(case.post),
        "is_hidden": case.post is not None and case.post.status == PostStatus.HIDDEN,
        "waits": case.held is not None and case.held.state == HeldState.WAITING,
        "following": queue.next_after(case, entry.jam, entry.duties),
        "refused": refused,
        "typed": request.POST,
        "reason": request.POST.get("reason", _usual_reason(flags)),
    }
    return render(request, "moderation/case.html", context, status=refused.status if refused else 200)


def _usual_reason(flags: list[Any]) -> str:
    """What most who flagged it say, so that one press is enough."""
    said = [flag.get_kind_display() for flag in flags if flag.member_id and flag.kind != FlagKind.OTHER]
    return max(said, key=said.count) if said else ""


Act = Callable[[Case, Member, Mapping[str, str]], str]
"""Says what was done; nothing where the page shows it, and somebody stays on it."""


def _act(given: Mapping[str, str], case: Case, member: Member) -> str:
    act = ACTS.get((case.kind, given.get("act", "")))
    if act is None:
        raise Refused(gettext("There is no such thing to do."), code="act")
    return act(case, member, given)


def _post(case: Case) -> Post:
    assert case.post is not None
    return case.post


def _held(case: Case) -> HeldPost:
    assert case.held is not None
    return case.held


def _talk(case: Case) -> Talk:
    assert case.talk is not None
    return case.talk


def _reason(given: Mapping[str, str]) -> str:
    return given.get("reason", "")


def _hide(case: Case, member: Member, given: Mapping[str, str]) -> str:
    posts.hide(member=member, post=_post(case), reason=_reason(given))
    return gettext("The post is hidden.")


def _restore(case: Case, member: Member, given: Mapping[str, str]) -> str:
    posts.restore(member=member, post=_post(case), reason=_reason(given))
    return gettext("The post is shown again.")


def _dismiss(case: Case, member: Member, given: Mapping[str, str]) -> str:
    posts.dismiss(member=member, post=_post(case))
    return gettext("The post stays as it is.")


def _warn(case: Case, member: Member, given: Mapping[str, str]) -> str:
    posts.warn(member=member, post=_post(case), reason=_reason(given))
    return gettext("The author is told.")


def _let_in(case: Case, member: Member, given: Mapping[str, str]) -> str:
    held.let_in(member=member, held=_held(case))
    return gettext("It is posted.")


def _turn_away(case: Case, member: Member, given: Mapping[str, str]) -> str:
    held.turn_away(member=member, held=_held(case), reason=_reason(given))
    return gettext("It is not posted, and its author is told.")


def _answer(case: Case, member: Member, given: Mapping[str, str]) -> str:
    talks.answer(member=member, talk=_talk(case), words=given.get("words", ""))
    return gettext("Your answer is sent.")


def _close(case: Case, member: Member, given: Mapping[str, str]) -> str:
    talks.close(member=member, talk=_talk(case))
    return gettext("It is left without an answer.")


def _claim(case: Case, member: Member, given: Mapping[str, str]) -> str:
    handling.claim(member=member, matter=queue.matter_of(case), take_over="take_over" in given)
    return ""


def _release(case: Case, member: Member, given: Mapping[str, str]) -> str:
    handling.release(member=member, matter=queue.matter_of(case))
    return ""


ACTS: dict[tuple[str, str], Act] = {
    (CaseKind.POST, "hide"): _hide,
    (CaseKind.POST, "restore"): _restore,
    (CaseKind.POST, "dismiss"): _dismiss,
    (CaseKind.POST, "warn"): _warn,
    (CaseKind.HELD, "let_in"): _let_in,
    (CaseKind.HELD, "turn_away"): _turn_away,
    (CaseKind.TALK, "answer"): _answer,
    (CaseKind.TALK, "close"): _close,
} | {(kind, name): act for kind in CaseKind.values for name, act in (("claim", _claim), ("release", _release))}
