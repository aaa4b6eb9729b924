"""Work in the background: ids in, fetch, call a verb. Each task may run twice or late."""

from celery import shared_task

from notifications.domain import mailing, occasions, pushing, reminders


@shared_task
def remind() -> None:
    """Reminds the members of jams that open or close soon. Runs once a minute."""
    reminders.remind_all()


@shared_task
def send_occasions() -> None:
    """Tells members of announcements and of guest hours that begin. Runs every five seconds."""
    occasions.send_all()


@shared_task
def mail_due() -> None:
    """Has the mails sent that are due, and asks again for those that a broker lost. Runs every half minute."""
    for person_id in mailing.due_people():
        mail_person.apply_async([person_id], expires=120)


@shared_task
def mail_person(person_id: int) -> None:
    """Sends one person what is due to them."""
    mailing.mail_person(person_id)


@shared_task
def push_due() -> None:
    """Has the messages to devices sent that are due. Runs every five seconds."""
    for subscription_id in pushing.due_devices():
        push_device.apply_async([subscription_id], expires=20)


@shared_task
def push_device(subscription_id: int) -> None:
    """Sends one device what is due to it."""
    pushing.push_device(subscription_id)
