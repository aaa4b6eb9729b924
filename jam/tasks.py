"""Work in the background of the jam floor."""

from celery import shared_task

from jam.domain import guest_hours, planned_polls, polls


@shared_task
def tell_occasions() -> None:
    """Begins the polls that are due, and tells open tabs how polls stand and which guest is on. Runs every two seconds;
    may run twice or late."""
    planned_polls.begin_due()
    polls.tell_counts()
    guest_hours.alert_begun()
