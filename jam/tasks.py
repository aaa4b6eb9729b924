"""Work in the background of the jam floor."""

import time

from celery import shared_task

from jam.domain import guest_hours, invitation_mail, invitations, inviting, planned_polls, polls, requests

SENDING_SECONDS = 4
"""How long one task sends invitations: a hundred thousand are many tasks, so that others have their turn."""


@shared_task
def tell_occasions() -> None:
    """Begins the polls that are due, and tells open tabs how polls stand and which guest is on. Runs every two seconds;
    may run twice or late."""
    planned_polls.begin_due()
    polls.tell_counts()
    guest_hours.alert_begun()


@shared_task
def read_invitation_lists() -> None:
    """Reads the lists of addresses that are not read to their end. Runs when one is made, and every half minute."""
    for list_id in inviting.to_read():
        inviting.read(list_id)


@shared_task
def send_invitations() -> None:
    """Sends invitations that are due, for some seconds. Runs every five seconds; may run at many places at once."""
    until = time.monotonic() + SENDING_SECONDS
    while invitation_mail.send_some() and time.monotonic() < until:
        pass


@shared_task
def tell_decided_requests() -> None:
    """Mails people that they were let in or declined. Runs every ten seconds."""
    requests.tell_decided()


@shared_task
def trim_invitations() -> None:
    """Removes invitations of jams that are long over. Runs once an hour."""
    invitations.trim()
