"""An event in the form in which it travels: as JSON, written once."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


def to_json(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a jam. `light` is its JSON without the fragment, `whole` with it, for tabs in `html_room`."""

    seq: int
    rooms: frozenset[str]
    light: str
    whole: str
    html_room: str

    @classmethod
    def write(
        cls,
        *,
        seq: int,
        kind: str,
        at: datetime,
        rooms: Collection[str],
        data: Mapping[str, Any],
        html: str,
        html_room: str,
    ) -> Entry:
        """`at` is when it was logged; an `at` within `data` takes its place."""
        light = to_json({"seq": seq, "kind": kind, "at": at, **data})
        whole = f'{light[:-1]},"html":{to_json(html)}}}' if html else light
        return cls(seq=seq, rooms=frozenset(rooms), light=light, whole=whole, html_room=html_room)

    def text_for(self, rooms: frozenset[str]) -> str:
        return self.whole if self.html_room in rooms else self.light

    def to_message(self) -> dict[str, Any]:
        """For the bus. Only what cannot be told from the rest."""
        return {
            "seq": self.seq,
            "rooms": sorted(self.rooms),
            "light": self.light,
            "tail": self.whole[len(self.light) - 1 :],
            "html_room": self.html_room,
        }

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Entry:
        light = message["light"]
        return cls(
            seq=message["seq"],
            rooms=frozenset(message["rooms"]),
            light=light,
            whole=light[:-1] + message["tail"],
            html_room=message["html_room"],
        )
