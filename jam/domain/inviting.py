"""Lists of addresses: taking one in, and sending what it invites to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext

from jam.domain.address_lists import Layout, Row, decode, layout_of, rows_of
from jam.domain.doings import did
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.numbers import number
from jam.domain.phases import database_now
from jam.domain.text import clean_text
from jam.models import Invitation, InvitationList, InvitationRow, Jam, Member, Role, Verdict, new_key
from jam.models.door import INVITATION_WORDS_MAX, LIST_BYTES_MAX, LIST_ROWS_MAX

ROWS_AT_ONCE = 1_000
AT_ONCE_BYTES = 100_000
"""A list up to here is read while the page waits; a longer one by a worker."""
ROLES = frozenset({Role.PARTICIPANT, Role.GUEST, Role.OBSERVER, Role.FACILITATOR})
WRITTEN_MAX = 320


@dataclass(frozen=True)
class ListPlan:
    """What somebody sends: `content` as it came, `name` to know it by, `role` for rows that name none."""

    content: bytes
    name: str
    role: str = Role.PARTICIPANT
    words: str = ""
    expires_at: datetime | None = None


def may_invite_as(member: Member, role: str) -> bool:
    """Whether `member` may invite people with this role. Nobody is invited as an admin."""
    return role in ROLES and (role != Role.FACILITATOR or member.role == Role.ADMIN)


def make_list(*, jam: Jam, by: Member, plan: ListPlan) -> InvitationList:
    """Keeps a list to be read. It is UTF-8 from then on. Reads a short one at once. Nothing is sent.

    Raises Invalid, naming the field, for nothing or too much, and NotAllowed for a role that `by` cannot invite to.
    """
    if not may_invite_as(by, plan.role):
        raise NotAllowed(gettext("Only an admin of the jam invites facilitators."), code="role", field="role")
    if len(plan.content) > LIST_BYTES_MAX:
        message = gettext("The list is larger than %(size)s MB. Part it.")
        raise Invalid(message % {"size": LIST_BYTES_MAX // 1024**2}, code="too_large", field="addresses")
    if plan.expires_at is not None and plan.expires_at <= database_now():
        raise Invalid(gettext("The invitations would have expired already."), code="past", field="expires_at")
    text, encoding = decode(plan.content)
    if not text.strip("\ufeff \t\r\n,;"):
        raise Invalid(gettext("Give at least one address."), code="required", field="addresses")
    if text.count("\n") + text.count("\r") > LIST_ROWS_MAX:
        message = gettext("The list has more than %(count)s rows. Part it.")
        raise Invalid(message % {"count": number(LIST_ROWS_MAX)}, code="too_many", field="addresses")
    layout = layout_of(text)
    made = InvitationList.objects.create(
        jam=jam,
        by=by,
        name=plan.name[:200],
        role=plan.role,
        words=clean_text(plan.words, field="words", name=gettext("Your words"), limit=INVITATION_WORDS_MAX),
        expires_at=plan.expires_at,
        content=text.replace("\0", " ").encode(errors="replace"),
        encoding=encoding,
        delimiter=layout.delimiter,
        columns={
            "columns": list(layout.columns), "has_heading": layout.has_heading, "unknown": list(layout.unknown)[:20],
        },
    )  # fmt: skip
    if len(plan.content) <= AT_ONCE_BYTES:
        read(made.pk)
        made.refresh_from_db()
    return made


def to_read() -> list[int]:
    """The lists that are not read to their end. One query."""
    return list(InvitationList.objects.filter(read_at=None).order_by("pk").values_list("pk", flat=True)[:100])


def read(list_id: int) -> None:
    """Reads a list to its end, some rows in a transaction, each of which says how far it came: whoever goes on after a
    crash, or at the same time, does no row twice. Call it outside of a transaction, or for a short list."""
    found = InvitationList.objects.select_related("by").filter(pk=list_id, read_at=None).first()
    if found is None:
        return
    layout = Layout(found.delimiter, found.columns["columns"], found.columns["has_heading"])
    rows = rows_of(bytes(found.content).decode(), layout)
    done = found.row_count
    for _row in islice(rows, done):
        pass
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        if not _take(list_id, done, batch):
            return
        done += len(batch)
    now = database_now()
    InvitationList.objects.filter(pk=list_id, row_count=done, read_at=None).update(read_at=now, content=b"")


def _take(list_id: int, done: int, batch: Sequence[Row]) -> bool:
    """Keeps what becomes of some rows, in a fixed number of queries; False if another worker is at it."""
    with transaction.atomic():
        rows = InvitationList.objects.defer("content").select_related("jam").filter(pk=list_id, row_count=done)
        held = rows.select_for_update(of=("self",), skip_locked=True).first()
        if held is None:
            return False
        is_admin = held.by_id is not None and Member.objects.filter(pk=held.by_id, role=Role.ADMIN).exists()
        verdicts = _judge(held, batch, is_admin)
        InvitationRow.objects.bulk_create(verdicts)
        counts = Counter(held.counts) + Counter(one.verdict for one in verdicts)
        InvitationList.objects.filter(pk=list_id).update(
            row_count=done + len(batch), position=batch[-1].number, counts=dict(counts)
        )
    return True


def _judge(held: InvitationList, batch: Sequence[Row], is_admin: bool) -> list[InvitationRow]:
    emails = {row.address.email for row in batch if row.address}
    there = {one.email: one for one in Invitation.objects.filter(jam=held.jam_id, email__in=emails)}
    members = _members_among(held.jam, emails)
    new: dict[str, Invitation] = {}
    judged = []
    for row in batch:
        said = InvitationRow(list=held, number=row.number, address=row.written[:WRITTEN_MAX].replace("\0", " "))
        said.verdict, said.detail = _verdict(held, row, is_admin, members, there | new)
        if row.address and said.verdict in (Verdict.NEW, Verdict.ODD):
            new[row.address.email] = _invitation(held, row, there.get(row.address.email))
        judged.append(said)
    fresh = [one for one in new.values() if one.pk is None]
    Invitation.objects.bulk_create(fresh, ignore_conflicts=True)
    for one in new.values():
        if one.pk is not None:
            one.save()
    return judged


def _verdict(
    held: InvitationList, row: Row, is_admin: bool, members: set[str], there: dict[str, Invitation]
) -> tuple[Verdict, str]:
    if row.address is None:
        return Verdict(row.fault), row.detail
    role = row.role or held.role
    if role not in ROLES or (role == Role.FACILITATOR and not is_admin):
        return Verdict.ROLE, role[:120]
    before = there.get(row.address.email)
    if before is not None and before.revoked_at is None:
        if before.list_id == held.pk:
            return Verdict.DUPLICATE, str(before.number)
        return Verdict.INVITED, ""
    if row.address.email in members:
        return Verdict.MEMBER, ""
    return (Verdict.ODD, row.address.odd) if row.address.odd else (Verdict.NEW, "")


def _invitation(held: InvitationList, row: Row, revoked: Invitation | None) -> Invitation:
    """A new one; in the place of one that was revoked, whose link stays dead."""
    assert row.address is not None
    return Invitation(
        pk=revoked.pk if revoked else None,
        jam_id=held.jam_id,
        list=held,
        key=new_key(),
        email=row.address.email,
        number=row.number,
        name=row.name,
        affiliation=row.affiliation,
        role=row.role or held.role,
        expires_at=held.expires_at,
    )


def _members_among(jam: Jam, emails: set[str]) -> set[str]:
    found = EmailAddress.objects.filter(
        email__in=emails, verified=True, user__memberships__jam=jam, user__memberships__left_at=None
    )
    return set(found.values_list("email", flat=True))


def send(*, invitations: InvitationList, by: Member) -> int:
    """Has all mailed that `invitations` holds and nobody sent; says how many. Twice is once. One statement.

    Raises Conflict while the list is still being read.
    """
    with transaction.atomic():
        held = InvitationList.objects.defer("content").select_for_update().get(pk=invitations.pk)
        if held.read_at is None:
            raise Conflict(gettext("The list is still being read. Wait until it is done."), code="reading")
        if held.send_at is not None:
            return 0
        held.send_at = database_now()
        held.save(update_fields=["send_at"])
        waiting = Invitation.objects.filter(list=held, round=0, revoked_at=None, joined_at=None)
        count = waiting.update(round=1, mail_due_at=held.send_at)
        did(jam=held.jam, by=by, kind="invite", after={"list": held.pk, "name": held.name, "invitations": count})
    return count
