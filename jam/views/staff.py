"""What the pages share on which a jam is set up: who may open them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from jam.access import Entry, enter
from jam.domain.errors import NotAllowed
from jam.views.refusals import refused_page

P = ParamSpec("P")


def for_who_sets_up(
    view: Callable[Concatenate[HttpRequest, Entry, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Gives a view the jam of its `slug` as somebody finds it who may set it up; others are told that they may not."""

    def wrapper(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        entry = enter(request.user, slug)
        if not entry.can_set_up:
            return refused_page(request, NotAllowed(gettext("Only its facilitators change a jam.")))
        return view(request, entry, *args, **kwargs)

    functools.update_wrapper(wrapper, view)
    return login_required(wrapper)
