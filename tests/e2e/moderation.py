"""A queue with something of everything, for pages that are looked at."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.utils import timezone

from jam.models import Member
from moderation.domain import flags, policy, posts, talks
from moderation.models import Case, HeldPost, Talk
from tests.cast import Cast
from tests.e2e.occasions import LONG
from threads.domain import posting
from threads.domain.gate import Held
from threads.models import Post

ARABIC = "مصباح على الرصيف حتى تجد القوارب طريقها إلى البيت في الضباب. " * 6


def furnish_moderation(cast: Cast, warned: Post) -> dict[str, Any]:
    """A flagged post, one of Ben's that waits and messages of his, and a warning about `warned`. What fills in the
    addresses of their pages."""
    Member.objects.update(joined_at=timezone.now() - timedelta(hours=2))
    flagged = cast.idea(by=cast.ana, subject=ARABIC[:120])
    flags.flag(member=cast.ben, post=flagged, kind="other", words=ARABIC[:200])
    flags.flag(member=cast.fay, post=flagged, kind="spam")
    policy.change(member=cast.ada, jam=cast.jam, plan={"holding": "all", "words_flagged": "lamp*\nمصباح"})
    with suppress(Held):
        posting.start_thread(member=cast.ben, forum=cast.harbour, subject=ARABIC[:150], body=ARABIC + LONG)
    policy.change(member=cast.ada, jam=cast.jam, plan={"holding": "nobody"})
    posts.warn(member=cast.fay, post=warned, reason=LONG)
    talks.write(member=cast.ben, words=ARABIC, page="/jams/tides/")
    talks.answer(member=cast.fay, talk=Talk.objects.get(), words="We look at it.\n\nThank you.")
    talks.write(member=cast.ben, words=f"And {LONG}", talk=Talk.objects.get())
    return {
        "case_id": Case.objects.filter(post=flagged).latest("pk").pk,
        "held_id": HeldPost.objects.latest("pk").pk,
        "talk_id": Talk.objects.latest("pk").pk,
        "kind": "csv",
    }
