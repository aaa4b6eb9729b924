"""The devices that somebody wants messages on."""

from __future__ import annotations

import binascii

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from py_vapid.utils import b64urldecode

from accounts.models import Person
from jam.domain.errors import Invalid
from notifications.domain import push_sealing, push_service
from notifications.models import ENDPOINT_MAX, PushSubscription

DEVICES_MAX = 10
AUTH_BYTES = 16
IN_SESSION = "push_device"
"""Where a session keeps the number of the device that it is on, so that messages end when it is signed out."""


def add(*, person: Person, endpoint: str, p256dh: str, auth: str) -> PushSubscription:
    """Sends messages to this device from now on. Twice is once; a device that was another's is `person`'s now. Of more
    than `DEVICES_MAX` the one that heard nothing for longest ends. One transaction.

    `p256dh` and `auth` are as a browser names them, in base64url. Raises Invalid for what is no subscription.
    """
    point, secret = _bytes(p256dh), _bytes(auth)
    try:
        push_service.checked(endpoint)
        push_sealing.point_of(point)
    except (push_service.Refused, ValueError) as error:
        raise _no_subscription() from error
    if len(endpoint) > ENDPOINT_MAX or len(secret) != AUTH_BYTES:
        raise _no_subscription()
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)  # two devices at once are counted one after the other
        subscription, _ = PushSubscription.objects.update_or_create(
            endpoint=endpoint, defaults={"person": person, "p256dh": point, "auth": secret}
        )
        mine = PushSubscription.objects.filter(person=person).exclude(pk=subscription.pk)
        kept = mine.order_by(Coalesce("last_ok", "created_at").desc()).values_list("pk", flat=True)
        PushSubscription.objects.filter(pk__in=list(kept[DEVICES_MAX - 1 :])).delete()
    return subscription


def find(*, person: Person, endpoint: str) -> PushSubscription | None:
    """The device, if it is one of `person`'s. One query."""
    return PushSubscription.objects.filter(person=person, endpoint=endpoint).first()


def remove(*, person: Person, endpoint: str) -> None:
    """No messages to this device any more. Does nothing if it is not `person`'s."""
    PushSubscription.objects.filter(person=person, endpoint=endpoint).delete()


def end_session(*, person_id: int, device_id: int) -> None:
    """The device was signed out. One that meanwhile is somebody else's stays theirs."""
    PushSubscription.objects.filter(person=person_id, pk=device_id).delete()


def remove_all(person_id: int) -> int:
    """No messages to any device of theirs; says how many there were."""
    _, counts = PushSubscription.objects.filter(person=person_id).delete()
    return counts.get(PushSubscription._meta.label, 0)


def _bytes(text: str) -> bytes:
    try:
        return bytes(b64urldecode(text.rstrip("=").encode("ascii")))
    except (binascii.Error, ValueError) as error:
        raise _no_subscription() from error


def _no_subscription() -> Invalid:
    return Invalid(gettext("This is not a device that messages can be sent to."), code="subscription")
