"""Work in the background: ids in, fetch, call a verb. Each task may run twice or late."""

from celery import shared_task

from threads.domain import images


@shared_task
def remove_unposted_images() -> None:
    """Removes pictures that were sent and put into no post within a day. Runs once an hour."""
    while images.remove_unposted() == images.TRIMMED_AT_ONCE:
        pass
