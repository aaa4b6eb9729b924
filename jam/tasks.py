"""Work in the background of the jam floor."""

from celery import shared_task

from jam.domain import guest_hours, polls


@shared_task
def tell_occasions() -> None:
    """Tells open tabs how polls stand and which guest is on. Runs every two seconds; may run twice or late."""
    polls.tell_counts()
    guest_hours.alert_begun()
