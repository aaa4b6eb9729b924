"""Posts that people keep for themselves. Nobody else sees it, so it needs no open window and makes no event."""

from __future__ import annotations

from django.utils.translation import gettext

from jam.domain.errors import Invalid
from jam.models import Member
from threads.models import Favourite, Post


def keep(*, member: Member, post: Post) -> None:
    """Keeps `post`; twice is once. Raises Invalid for a post of another jam."""
    if post.jam_id != member.jam_id:
        raise Invalid(gettext("That post is not part of this jam."), code="post", field="post")
    Favourite.objects.get_or_create(member=member, post=post)


def drop(*, member: Member, post: Post) -> None:
    """Keeps `post` no longer; does nothing if it was not kept."""
    Favourite.objects.filter(member=member, post=post).delete()
