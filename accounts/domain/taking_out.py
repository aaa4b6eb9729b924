"""Taking one's data home: a zip with what every floor declared that it holds (`personal`), made by a task.

It lies in the storage of pictures under a name that nobody can guess, is given to nobody but who asked for it, signed
in, and is removed after `DATA_FILE_DAYS`. There is one at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts import languages
from accounts.domain.personal import HOLDINGS, Holding
from accounts.models import DataFile, Person

LEASE = timedelta(minutes=30)
AGAIN_AFTER = timedelta(minutes=10)
"""How soon after a file was made another may be asked for."""
TRIMMED_AT_ONCE = 100


def file_of(person: Person) -> DataFile | None:
    """The file that is there or being made; None once its days are over. One query."""
    now = timezone.now()
    return DataFile.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), person=person).first()


def ask(person: Person) -> DataFile:
    """Asks for a new file, in place of the one that is there. While one is being made, or was a short while ago, it is
    that one. Locks the row of the person."""
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        there = file_of(person)
        now = timezone.now()
        if there is not None and (there.ends_at is None or now - there.asked_at < AGAIN_AFTER):
            return there
        for old in DataFile.objects.filter(person=person):
            _remove(old)
        return DataFile.objects.create(person=person, asked_at=now)


def waiting() -> list[int]:
    """Whose file was asked for and is being made by nobody. One query."""
    free = Q(begun_at=None) | Q(begun_at__lt=timezone.now() - LEASE)
    return list(DataFile.objects.filter(free, ends_at=None).order_by("asked_at").values_list("pk", flat=True)[:100])


def make(person_id: int) -> DataFile | None:
    """Makes the file that somebody asked for, unless another worker does; returns it when it is there."""
    now = timezone.now()
    free = Q(begun_at=None) | Q(begun_at__lt=now - LEASE)
    if not DataFile.objects.filter(free, person=person_id, ends_at=None).update(begun_at=now):
        return None
    person = Person.objects.get(pk=person_id)
    with TemporaryFile() as file, languages.of(person):
        write(person, file)
        size = file.tell()
        file.seek(0)
        path = default_storage.save(f"data/{get_random_string(40)}.zip", File(file))
    ends_at = timezone.now() + timedelta(days=settings.DATA_FILE_DAYS)
    mine = DataFile.objects.filter(person=person_id, begun_at=now)
    if not mine.update(path=path, size=size, ends_at=ends_at):
        default_storage.delete(path)  # they left meanwhile, or another worker was thought to be slower
        return None
    return mine.first()


def write(person: Person, file: IO[bytes]) -> None:
    """Writes the zip: a JSON file for each holding, one page to read them by, and the pictures."""
    with ZipFile(file, "w", ZIP_DEFLATED) as zipped:
        counted = [(holding, _write_rows(zipped, holding, person)) for holding in _taken()]
        with zipped.open("index.html", "w", force_zip64=True) as page:
            for part in _page(person, [holding for holding, count in counted if count]):
                page.write(part.encode())
        for holding in _taken():
            for picture in holding.pictures(person) if holding.pictures else ():
                if default_storage.exists(picture.path):
                    with default_storage.open(picture.path) as source:
                        zipped.writestr(f"pictures/{picture.name}", source.read(), ZIP_STORED)


def _taken() -> list[Holding]:
    return [holding for holding in HOLDINGS.values() if holding.fields or holding.read]


def _write_rows(zipped: ZipFile, holding: Holding, person: Person) -> int:
    """Row by row, so that somebody with a hundred thousand votes does not fill the memory."""
    count = 0
    with zipped.open(f"{holding.name}.json", "w", force_zip64=True) as file:
        file.write(b"[")
        for row in holding.rows(person):
            text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
            file.write((",\n" if count else "\n").encode() + text.encode())
            count += 1
        file.write(b"\n]\n")
    return count


def _page(person: Person, holdings: list[Holding]) -> Iterator[str]:
    context = {"person": person, "holdings": holdings, "now": timezone.now(), "site_url": settings.SITE_URL}
    yield render_to_string("accounts/takeout/head.html", context)
    for holding in holdings:
        yield render_to_string("accounts/takeout/section.html", {"holding": holding})
        for row in holding.rows(person):
            yield render_to_string("accounts/takeout/row.html", {"row": _readable(row)})
        yield "</section>\n"
    yield "</main></body></html>\n"


def _readable(row: Any) -> list[tuple[str, Any]]:
    said = ((name, value) for name, value in row.items() if name != "html" and value not in ("", None))
    return [(name.replace("_", " "), value) for name, value in said]


def remove_ended() -> int:
    """Removes the files whose days are over, and says how many."""
    ended = DataFile.objects.filter(ends_at__lte=timezone.now()).order_by(F("ends_at"))[:TRIMMED_AT_ONCE]
    return sum(_remove(file) for file in ended)


def remove_of(person: Person) -> None:
    """Removes the file of somebody who leaves."""
    for file in DataFile.objects.filter(person=person):
        _remove(file)


def _remove(file: DataFile) -> bool:
    """The row first: a file without one is in nobody's way, a row without a file would be a lie."""
    with transaction.atomic():
        gone, _ = DataFile.objects.filter(pk=file.pk, path=file.path).delete()
        if gone and file.path:
            transaction.on_commit(lambda: default_storage.delete(file.path))
    return bool(gone)
