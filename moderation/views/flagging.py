"""Flagging a post."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from jam.domain.errors import Refused
from jam.roles import Right
from jam.views.frame import jam_frame
from moderation.domain import flags
from moderation.forms import FlagForm
from threads.access import enter_to_read, post_of
from threads.views.frame import answers_refusals
from threads.views.writing import signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals
def flag(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    if entry.member is None or not entry.may(Right.FLAG):
        raise Http404(gettext("There is no such page."))
    post = post_of(entry, post_id)
    if not post.is_visible:
        raise Http404(gettext("There is no such page."))
    form = FlagForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                flags.flag(member=entry.member, post=post, **form.cleaned_data)
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.message)
                status = refused.status
            else:
                messages.success(request, gettext("Thank you. Those who run the jam look at it, and you will be told."))
                return redirect("threads:post", slug, post.pk)
    context = jam_frame(entry) | {"post": post, "form": form, "is_mine": post.author_id == entry.member.pk}
    return render(request, "moderation/flag.html", context, status=status)
