"""`python -m tests.gates.live_doc`: writes anew what docs/live.md takes from the code.

That is the meaning of each close code, from live/codes.py, and the kinds of events with their fields, from where they
are declared. The rest of the page is written by hand.
"""

from __future__ import annotations

import ast
import inspect
import os
import re
from pathlib import Path
from typing import Any

DOC = Path(__file__).resolve().parent.parent.parent / "docs/live.md"
COMMON = {"seq", "kind"}
TYPES = {"integer": "number", "string": "text"}


def renewed(doc: str) -> str:
    """The page with both parts as they are in the code now. Raises ValueError if a part has no place in it."""
    for name, text in (("codes", codes()), ("kinds", kinds())):
        place = re.compile(f"(?<=<!-- {name} -->\n).*?(?=<!-- end of {name} -->)", re.DOTALL)
        doc, places = place.subn(lambda _, text=text: f"\n{text}\n\n", doc)
        if places != 1:
            raise ValueError(f"{DOC.name} has {places} places for {name}.")
    return doc


def codes() -> str:
    from live.codes import Close

    (tree,) = ast.parse(inspect.getsource(Close)).body
    assert isinstance(tree, ast.ClassDef)
    meanings: dict[str, str] = {}
    for name, meaning in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(name, ast.Assign) and isinstance(meaning, ast.Expr):
            meanings[ast.unparse(name.targets[0])] = " ".join(ast.literal_eval(meaning.value).split())
    return table(("code", "name", "what it says"), [(str(int(c)), f"`{c.name}`", meanings[c.name]) for c in Close])


def kinds() -> str:
    from live.domain.kinds import all_kinds
    from live.schemas import event_out

    described = {kind.kind: event_out(kind).model_json_schema(mode="serialization") for kind in all_kinds()}
    return "\n\n".join(section(name, schema) for name, schema in described.items())


def section(name: str, schema: dict[str, Any]) -> str:
    rows = [row for row in fields(schema, schema.get("$defs", {})) if row[0].strip("`") not in COMMON]
    return f"### `{name}`\n\n{schema['description']}\n\n{table(('field', 'type', 'what it says'), rows)}"


def fields(schema: dict[str, Any], parts: dict[str, Any], prefix: str = "") -> list[tuple[str, str, str]]:
    """A row a field; the fields of a part follow it, with the part's name before theirs."""
    rows = []
    for name, field in schema["properties"].items():
        path = f"{prefix}{name}"
        rows.append((f"`{path}`", words(field, parts), field["description"]))
        part = parts.get(field.get("$ref", "").rpartition("/")[2], {})
        if "properties" in part:
            rows += fields(part, parts, f"{path}.")
    return rows


def words(field: dict[str, Any], parts: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(words(choice, parts) for choice in field["anyOf"])
    if "$ref" in field:
        return words(parts[field["$ref"].rpartition("/")[2]], parts)
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if field.get("format") == "date-time":
        return "time"
    return TYPES.get(field["type"], field["type"])


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in [heads, ("---",) * len(heads), *rows])


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings_for_types"
    import django

    django.setup()
    DOC.write_text(renewed(DOC.read_text()))
