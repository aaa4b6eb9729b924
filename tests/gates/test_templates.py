"""What holds for every template, whoever wrote it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))
NO_PAGES = re.compile(r"mail|/takeout/")  # what is read in a mail, or from a file of one's own
PAGES = [
    path for path in TEMPLATES if path.suffix == ".html" and not NO_PAGES.search(path.relative_to(ROOT).as_posix())
]

INLINE = re.compile(
    r"""<script(?![^>]*\bsrc=)(?![^>]*\btype="application/json")[^>]*>   # a script that brings no src, and is no data
      | <style\b
      | \sstyle\s*=
      | \son[a-z]+\s*=\s*["']                                            # onclick and its like
      | javascript:""",
    re.IGNORECASE | re.VERBOSE,
)


def name(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_compiles(path: Path) -> None:
    engines["django"].get_template(name(path))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_has_nothing_inline(path: Path) -> None:
    """The content security policy would stop it."""
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)
    assert [match.group().strip() for match in INLINE.finditer(text)] == []
