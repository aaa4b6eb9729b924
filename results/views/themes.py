"""What a jam's ideas are about: its themes, which those who run it may name."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from jam.access import Entry
from jam.domain.errors import Refused
from jam.views.frame import jam_frame
from results.domain import themes
from results.forms import ThemeForm
from threads.access import enter_to_read
from threads.domain.themes import with_ideas
from threads.models import Theme


@require_safe
@login_required
def theme_list(request: HttpRequest, slug: str) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    return render(
        request,
        "results/themes.html",
        {**jam_frame(entry), "themes": with_ideas(entry.jam), "moderates": entry.moderates(None)},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def theme_name(request: HttpRequest, slug: str, theme_id: int) -> HttpResponse:
    """Names a theme, for a member who runs the jam."""
    entry = enter_to_read(request.user, slug)
    if entry.member is None or not entry.moderates(None):
        raise Http404(gettext("There is no such page."))
    theme = get_object_or_404(Theme, jam=entry.jam, pk=theme_id)
    page = partial(_name_page, request, entry, theme)
    if request.method != "POST":
        return page(ThemeForm(initial={"name": theme.name}))
    form = ThemeForm(request.POST)
    if not form.is_valid():
        return page(form, status=422)
    try:
        themes.rename(theme=theme, by=entry.member, name=form.cleaned_data["name"])
    except Refused as refused:
        form.add_error("name", refused.message)
        return page(form, status=refused.status)
    return redirect("results:themes", slug)


def _name_page(request: HttpRequest, entry: Entry, theme: Theme, form: ThemeForm, **how: Any) -> HttpResponse:
    context = {**jam_frame(entry), "theme": theme, "form": form, "title": _("Name a theme")}
    return render(request, "results/theme_name.html", context, **how)
