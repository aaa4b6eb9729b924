"""Work in the background: ids in, fetch, call a verb. Each task may run twice or late."""

from celery import shared_task

from threads.domain import images, opening, telling


@shared_task
def remove_unposted_images() -> None:
    """Removes pictures that were sent and put into no post within a day. Runs once an hour."""
    while images.remove_unposted() == images.TRIMMED_AT_ONCE:
        pass


@shared_task
def tell_of_posts() -> None:
    """Tells people of what was written that concerns them. Runs every two seconds; with nothing new it is one query."""
    telling.tell_all()


@shared_task
def post_opening_prompts() -> None:
    """Posts what opens the forums of jams that have opened. Runs every two seconds, which is one query."""
    opening.post_due()
