"""Work in the background: ids in, fetch, call a verb. Each task may run twice or late."""

from celery import shared_task

from moderation.domain import shift_notices, tidying
from moderation.models import Shift


@shared_task
def keep_shifts() -> None:
    """Reminds of shifts, writes the journals of those that ended, and tells of hand-overs that nobody confirmed. Runs
    every half minute."""
    shift_notices.run()


@shared_task
def tidy() -> None:
    """Forgets what texts are known by after a day, and who was suspended from the site until now. Every ten minutes."""
    tidying.tidy()


@shared_task
def tell_offered(shift_id: int) -> None:
    """Tells those who could take over a shift that was offered."""
    shift = Shift.objects.select_related("jam", "swap_for").filter(pk=shift_id, offered_at__isnull=False).first()
    if shift is not None:
        shift_notices.tell_offered(shift, shift.jam)
