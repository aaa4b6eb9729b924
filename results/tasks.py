"""Work in the background: ids in, fetch, call a verb. Each task may run twice or late."""

from collections.abc import Iterable

from celery import shared_task

from jam.models import Jam
from results.domain import closing as closings
from results.domain import digests, parting, rehearsals, themes
from results.models import Closing


@shared_task
def close_due_jams() -> None:
    """Takes on the jams whose window has ended. Runs every two seconds; when nothing is due it costs one query."""
    for jam in closings.due():
        closing = closings.claim(jam)
        if closing is not None:
            build_digests.delay(closing.pk)


@shared_task
def build_digests(closing_id: int) -> None:
    """Makes a digest for each member and has it mailed."""
    closing = Closing.objects.select_related("jam").get(pk=closing_id)
    _mail(digests.unsent(closing).values_list("pk", flat=True))  # what an earlier run made and did not get to mail
    for digest_ids in digests.build(closing):
        closings.renew(closing)
        _mail(digest_ids)
    closings.finish(closing)


@shared_task
def mail_forgotten_digests() -> None:
    """Asks again for the mails of the last day that nobody sent: a broker that lost its queue loses no digest."""
    for closing in closings.lately_finished():
        _mail(digests.unsent(closing).values_list("pk", flat=True))


def _mail(digest_ids: Iterable[int]) -> None:
    for digest_id in digest_ids:
        mail_digest.delay(digest_id)


@shared_task(autoretry_for=(OSError,), retry_backoff=10, retry_backoff_max=600, max_retries=8)
def mail_digest(digest_id: int) -> None:
    """Sends one digest. A mail server that is away is tried again, for about an hour."""
    digests.mail(digest_id)


@shared_task
def find_due_themes() -> None:
    """Has the themes of every jam that has more ideas, or fewer, looked for anew."""
    for jam in themes.due():
        find_themes.delay(jam.pk)


@shared_task
def find_themes(jam_id: int) -> None:
    """Looks for the themes of one jam."""
    jam = Jam.objects.get(pk=jam_id)
    if themes.claim(jam):
        themes.find(jam)


@shared_task
def remove_old_rehearsals() -> None:
    """Removes the rehearsals that were begun a week ago. Runs once an hour."""
    rehearsals.remove_old()


@shared_task
def part_untraceable() -> None:
    """Cuts the link between names and accounts in untraceable jams that are over. Runs once an hour."""
    for jam in parting.due():
        parting.part(jam)
