"""What a jam promised its people: the names it shows, its rules, and who accepted which."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from jam.domain.naming import alias_of
from jam.domain.rendering import to_html
from jam.domain.text import is_blank
from jam.models import RULES_MAX, Jam, Member, Naming, OnDeletion, Policy, Rules
from results.bundle import reasons
from results.bundle.layout import PROMISES, RULES
from results.bundle.people import batches
from results.bundle.reader import Row, rows
from results.bundle.report import Report, shown
from results.bundle.source import Source
from results.bundle.values import Cleaner, format_time

AT_ONCE = 2_000
YES = "true"
VERSION_MAX = 2**31 - 1

Cells = tuple[object, ...]


def read_policy(jam: Jam, naming: str, on_deletion: str, cleaner: Cleaner) -> Policy:
    """The policy of a jam that is not saved yet. What is not known becomes the usual; an unknown naming the one that
    shows least, since an export of it cannot be taken back."""
    if naming and naming not in Naming.values:
        cleaner.mend(reasons.UNFIT, f"naming: {shown(naming)} is not known: made “{Naming.ANONYMOUS}”")
        naming = Naming.ANONYMOUS
    if on_deletion and on_deletion not in OnDeletion.values:
        cleaner.mend(reasons.UNFIT, f"on_deletion: {shown(on_deletion)} is not known: made “{OnDeletion.KEEP}”")
        on_deletion = OnDeletion.KEEP
    return Policy(jam=jam, naming=naming or Naming.REAL, on_deletion=on_deletion or OnDeletion.KEEP)


def described(jam: Jam) -> dict[str, str]:
    """What jam.json says of it: nothing of what is as usual."""
    policy = Policy.objects.filter(jam=jam).first() or Policy(jam=jam)
    usual = Policy(jam=jam)
    return {
        name: getattr(policy, name)
        for name in ("naming", "on_deletion")
        if getattr(policy, name) != getattr(usual, name)
    }


class PromisesLoader:
    """Loads the rules, and what is kept of each member. Rows that name nobody, or have no version, are refused."""

    def __init__(self, source: Source, jam: Jam, *, members: dict[str, int], report: Report) -> None:
        self._source = source
        self._jam = jam
        self._members = members
        self._report = report

    def load(self) -> None:
        for row in rows(self._source, RULES, self._report):
            self._load_rules(row, Cleaner(self._report, RULES.file, row.line))
        Jam.objects.filter(pk=self._jam.pk).update(rules_version=self._jam.rules_version)
        found = (self._promised(row) for row in rows(self._source, PROMISES, self._report))
        for batch in batches(member for member in found if member is not None):
            self._name(batch)
            Member.objects.bulk_update(batch, ["alias", "rules_accepted", "rules_accepted_at"])

    def _load_rules(self, row: Row, cleaner: Cleaner) -> None:
        text = cleaner.text(row.get("text"), field="text")
        version = _number(row.get("version"))
        if version <= self._jam.rules_version or is_blank(text) or len(text) > RULES_MAX:
            self._report.refuse(
                RULES.file,
                row.line,
                reasons.UNFIT,
                f"rules have a version above those before and {RULES_MAX} characters",
            )
            return
        at = cleaner.time(row.get("at"), field="at") or self._jam.created_at
        Rules.objects.create(jam=self._jam, version=version, text=text, html=to_html(text), at=at)
        self._jam.rules_version = version

    def _promised(self, row: Row) -> Member | None:
        member = self._members.get(row.get("person_id"))
        if member is None:
            self._report.refuse(
                PROMISES.file,
                row.line,
                reasons.UNFIT,
                f"there is nobody {shown(row.get('person_id'))} among the people",
            )
            return None
        cleaner = Cleaner(self._report, PROMISES.file, row.line)
        at: datetime | None = None
        if row.get("rules_accepted_at").strip():
            at = cleaner.time(row.get("rules_accepted_at"), field="rules_accepted_at")
        # Whether they are masked is kept here until the names of a batch are read.
        alias = YES if row.get("masked").strip().lower() == YES else None
        accepted = max(0, _number(row.get("rules_accepted")))
        return Member(pk=member, alias=alias, rules_accepted=accepted, rules_accepted_at=at)

    def _name(self, batch: list[Member]) -> None:
        names = dict(Member.objects.filter(pk__in=[one.pk for one in batch]).values_list("pk", "name"))
        taken = set(Member.objects.filter(jam=self._jam).exclude(alias=None).values_list("alias", flat=True))
        for one in batch:
            if one.alias is None:
                continue
            alias = alias_of(names[one.pk])
            one.alias = alias if alias and alias not in taken else f"{alias[:100]}{one.pk}"
            taken.add(one.alias)


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def rules(jam: Jam) -> Iterator[Cells]:
    for made in Rules.objects.filter(jam=jam).order_by("version").iterator(AT_ONCE):
        yield made.version, made.text, format_time(made.at)


def promised(jam: Jam) -> Iterator[Cells]:
    """Who is masked and what they accepted; nobody of whom neither is to be said."""
    told = Member.objects.filter(Q(alias__isnull=False) | Q(rules_accepted__gt=0), jam=jam).order_by("pk")
    for key, alias, accepted, at in told.values_list("key", "alias", "rules_accepted", "rules_accepted_at").iterator(
        AT_ONCE
    ):
        yield key, "" if alias is None else YES, accepted or "", "" if at is None else format_time(at)
