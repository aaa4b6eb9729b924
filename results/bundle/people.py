"""forums.csv and people.csv."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower

from accounts.models import Person
from jam.domain.rendering import to_html
from jam.domain.text import is_blank
from jam.models import Forum, Jam, Member, Role
from results.bundle import reasons
from results.bundle.layout import FORUMS, PEOPLE, Table
from results.bundle.reader import Row, rows
from results.bundle.report import Report, shown
from results.bundle.source import Source
from results.bundle.values import Cleaner, id_problem

T = TypeVar("T")
BATCH = 1_000
TITLE_MAX = 200
NAME_MAX = 120
EMAIL_MAX = 254
POSITION_MAX = 2**31 - 1


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def rows_with_id(source: Source, table: Table, report: Report) -> Iterator[tuple[str, Row]]:
    """The rows of `table` with the id in their first column, if it can be kept and no earlier row has it."""
    seen: set[str] = set()
    for row in rows(source, table, report):
        key = row.get(table.columns[0])
        problem = id_problem(key) or ((reasons.SAME_ID, shown(key)) if key in seen else None)
        if problem is not None:
            report.refuse(table.file, row.line, *problem)
            continue
        seen.add(key)
        yield key, row


def load_forums(source: Source, jam: Jam, report: Report) -> dict[str, int]:
    """The forums' database ids by their ids in the bundle."""
    forums: dict[str, Forum] = {}
    for key, row in rows_with_id(source, FORUMS, report):
        forums[key] = _forum(row, jam, default_position=len(forums) + 1, report=report)
    for batch in batches(forums.values()):
        Forum.objects.bulk_create(batch)
    return {key: forum.pk for key, forum in forums.items()}


def _forum(row: Row, jam: Jam, *, default_position: int, report: Report) -> Forum:
    cleaner = Cleaner(report, FORUMS.file, row.line)
    title = cleaner.one_line(row.get("title"), field="title", limit=TITLE_MAX)
    if is_blank(title):
        cleaner.mend(reasons.FORUM_UNNAMED)
        title = row.get("forum_id")
    question = cleaner.text(row.get("question"), field="question")
    return Forum(
        jam=jam,
        key=row.get("forum_id"),
        title=title,
        question=question,
        question_html=to_html(question),
        position=_position(row, default_position, cleaner),
    )


def _position(row: Row, default: int, cleaner: Cleaner) -> int:
    value = row.get("position").strip()
    if not value:
        return default
    if value.isascii() and value.isdigit() and len(value) <= 10 and int(value) <= POSITION_MAX:
        return int(value)
    cleaner.mend(reasons.POSITION, shown(value))
    return default


@dataclass(slots=True)
class _Somebody:
    key: str
    name: str
    affiliation: str
    role: Role
    email: str


class PeopleLoader:
    """Makes each row a member of the jam: the person who has its e-mail already, or a new one without a password."""

    def __init__(self, source: Source, jam: Jam, report: Report) -> None:
        self._source = source
        self._jam = jam
        self._report = report
        self._emails: set[str] = set()
        self._person_ids: set[int] = set()
        self.members: dict[str, int] = {}

    def load(self) -> dict[str, int]:
        """The members' database ids by their ids in the bundle."""
        for batch in batches(row for _, row in rows_with_id(self._source, PEOPLE, self._report)):
            self._load(batch)
        return self.members

    def _load(self, batch: list[Row]) -> None:
        emails = {row.line: self._email(row) for row in batch}
        there = _people_by_email({email for email in emails.values() if email})
        members, new = [], []
        for row in batch:
            somebody = self._somebody(row, emails[row.line])
            person = there.get(somebody.email)
            if person is not None and person.pk in self._person_ids:
                self._report.mend(PEOPLE.file, row.line, reasons.SAME_EMAIL, shown(somebody.email))
                person, somebody.email = None, ""
            if person is None:
                person = _new_person(somebody)
                new.append(person)
            else:
                self._person_ids.add(person.pk)
            members.append((somebody, person))
        _create(new)
        made = Member.objects.bulk_create(
            Member(
                jam=self._jam,
                person=person,
                key=somebody.key,
                name=somebody.name,
                affiliation=somebody.affiliation,
                role=somebody.role,
            )
            for somebody, person in members
        )
        self.members.update((member.key, member.pk) for member in made)

    def _somebody(self, row: Row, email: str) -> _Somebody:
        cleaner = Cleaner(self._report, PEOPLE.file, row.line)
        key = row.get("person_id")
        name = cleaner.one_line(row.get("name"), field="name", limit=NAME_MAX)
        if is_blank(name):
            cleaner.mend(reasons.PERSON_UNNAMED)
            name = key
        role = row.get("role").strip().lower() or Role.PARTICIPANT
        if role not in Role.values:
            cleaner.mend(reasons.ROLE, shown(role))
            role = Role.PARTICIPANT
        affiliation = cleaner.one_line(row.get("affiliation"), field="affiliation", limit=NAME_MAX)
        return _Somebody(key, name, affiliation, Role(role), email)

    def _email(self, row: Row) -> str:
        """The row's e-mail, in lower case; "" if it has none that can be used."""
        email = row.get("email").strip().lower()
        if not email:
            return ""
        try:
            validate_email(email)
        except ValidationError:
            self._report.mend(PEOPLE.file, row.line, reasons.EMAIL, shown(email))
            return ""
        if len(email) > EMAIL_MAX:
            self._report.mend(PEOPLE.file, row.line, reasons.EMAIL, shown(email))
            return ""
        if email in self._emails:
            self._report.mend(PEOPLE.file, row.line, reasons.SAME_EMAIL, shown(email))
            return ""
        self._emails.add(email)
        return email


def _people_by_email(emails: set[str]) -> dict[str, Person]:
    """People of the site by those of `emails` that are theirs: the address of their account, or another they proved."""
    if not emails:
        return {}
    people = {
        address.email.lower(): address.user
        for address in EmailAddress.objects.filter(email__in=emails, verified=True).select_related("user")
    }
    named = Person.objects.annotate(address=Lower("email")).filter(address__in=emails)
    return people | {(person.email or "").lower(): person for person in named}


def _new_person(somebody: _Somebody) -> Person:
    person = Person(email=somebody.email or None, name=somebody.name, affiliation=somebody.affiliation)
    person.set_unusable_password()
    return person


def _create(people: list[Person]) -> None:
    Person.objects.bulk_create(people)
    # Their only way in is the mail that sets a first password, and that proves the address.
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in people if person.email
    )
