"""Hiding a post and showing it again, each on a page that asks why."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from jam.access import require_runs
from jam.domain.errors import Refused
from jam.views.frame import jam_frame
from moderation.domain import posts
from moderation.forms import EditForm, ReasonForm
from moderation.models import Action
from moderation.views.doors import enter_to_moderate
from threads.access import enter_to_read, post_of
from threads.domain import editing
from threads.models import Post
from threads.views.frame import answers_refusals


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    return _act(request, slug, post_id, verb=posts.hide, hiding=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    return _act(request, slug, post_id, verb=posts.restore, hiding=False)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals
def correct(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """Changing what another wrote, with a trace of it."""
    entry, member = enter_to_moderate(request.user, slug)
    post = post_of(entry, post_id)
    require_runs(member, post.thread.forum_id)
    first = {"subject": post.subject, "body": post.body, "version": editing.version_of(post)}
    form = EditForm(request.POST or None, initial=first)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                posts.edit(member=member, post=post, **form.cleaned_data)
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.message)
                status = refused.status
            else:
                messages.success(request, gettext("The post is changed, and its author is told."))
                return redirect("threads:post", slug, post.pk)
    return render(request, "moderation/correct.html", jam_frame(entry) | {"post": post, "form": form}, status=status)


@answers_refusals
def _act(request: HttpRequest, slug: str, post_id: int, *, verb: Callable[..., Post], hiding: bool) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    if entry.member is None or not entry.can_moderate:
        raise Http404(gettext("There is no such page."))
    post = post_of(entry, post_id)
    require_runs(entry.member, post.thread.forum_id)
    form = ReasonForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                verb(member=entry.member, post=post, reason=form.cleaned_data["reason"])
            except Refused as refused:
                form.add_error("reason" if refused.field == "reason" else None, refused.message)
                status = refused.status
            else:
                messages.success(
                    request, gettext("The post is hidden.") if hiding else gettext("The post is shown again.")
                )
                return redirect("threads:post", slug, post.pk)
    context = jam_frame(entry) | {
        "post": post,
        "form": form,
        "hiding": hiding,
        "actions": Action.objects.filter(post=post).select_related("by"),
    }
    return render(request, "moderation/act.html", context, status=status)
