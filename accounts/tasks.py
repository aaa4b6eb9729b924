"""Work in the background: ids in, fetch, call a verb. Each task may run twice or late."""

from __future__ import annotations

from celery import shared_task

from accounts.domain import leaving, privacy_mail, taking_out, trimming
from accounts.models import Person


@shared_task
def keep_promises() -> None:
    """Has the files made that people asked for, removes those whose days are over, and has the accounts deleted whose
    days to think are. Runs once a minute."""
    for person_id in taking_out.waiting():
        make_data_file.apply_async([person_id], expires=600)
    taking_out.remove_ended()
    for person_id in leaving.due():
        delete_account.apply_async([person_id], expires=600)


@shared_task
def make_data_file(person_id: int) -> None:
    """Makes the file with somebody's data, and tells them of it."""
    file = taking_out.make(person_id)
    if file is not None:
        privacy_mail.tell(file.person, privacy_mail.FILE, at=file.ends_at)


@shared_task
def tell_of_leaving(person_id: int) -> None:
    """Tells somebody that their account will be deleted: they, or somebody who got at their browser, asked for it."""
    person = Person.objects.filter(pk=person_id).first()
    departure = leaving.departure_of(person) if person else None
    if person is not None and departure is not None:
        privacy_mail.tell(person, privacy_mail.LEAVING, at=departure.due_at)


@shared_task
def delete_account(person_id: int) -> None:
    """Deletes an account, and says so to its address."""
    person = Person.objects.filter(pk=person_id).first()
    if person is not None and leaving.leave(person_id):
        privacy_mail.tell(person, privacy_mail.LEFT)


@shared_task
def trim_sign_in_data() -> None:
    """Forgets old addresses and what ended. Runs once an hour."""
    while trimming.trim() >= trimming.AT_ONCE:
        pass
