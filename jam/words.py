"""What the site says in each language: `locale/*/LC_MESSAGES/*.po`, compiled, and handed to the browser.

Only the .po files are kept in the repository. What Python's gettext reads is made from them as the program starts,
where it is missing or older, by whichever process comes first.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.conf import settings

CONTEXT = "\x04"  # between a context and what is said in it, as gettext has it


def compile_words(folder: Path) -> None:
    """Makes each .mo anew that is older than its .po. A folder that cannot be written to stays as it is."""
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        if os.access(target.parent, os.W_OK):
            _compile(source, target)


def _compile(source: Path, target: Path) -> None:
    compiled = io.BytesIO()
    with source.open("rb") as lines:
        write_mo(compiled, read_po(lines, abort_invalid=True))
    # Whole or not at all: other processes start at the same moment.
    handle, unfinished = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}")
    with os.fdopen(handle, "wb") as file:
        file.write(compiled.getvalue())
    os.chmod(unfinished, 0o644)
    os.replace(unfinished, target)


@dataclass(frozen=True)
class Script:
    """What static/js/words.js reads, and the name of this state of it."""

    text: str
    stamp: str


@functools.cache
def script_of(language: str) -> Script | None:
    """The browser's words in a language; None for English, which its modules hold, and for one that is not there."""
    (folder,) = settings.LOCALE_PATHS
    path = Path(folder) / language / "LC_MESSAGES/djangojs.mo"
    if language not in dict(settings.LANGUAGES) or not path.exists():
        return None
    with path.open("rb") as file:
        catalog = read_mo(file)
    words = json.dumps({_key(message): message.string for message in catalog if message.id}, sort_keys=True)
    text = f"globalThis.jamWords = {{words: {words}, plural: (n) => Number({catalog.plural_expr})}};\n"
    return Script(text, hashlib.sha256(text.encode()).hexdigest()[:12])


def _key(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f"{message.context}{CONTEXT}{text}" if message.context else text
