"""Telling earlier events otherwise from now on, one by one, where `log.amend` is too coarse: it gives all the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from live import bus
from live.domain.entry import to_json

AT_ONCE = 500

FIND = """
    SELECT seq, data, html FROM live_event
    WHERE jam_key = %(jam_key)s AND seq > %(after)s
        AND ((data -> %(field)s)::text = ANY (%(numbers)s)
            OR data::text LIKE ANY (%(marks)s) OR html LIKE ANY (%(marks)s))
    ORDER BY seq LIMIT %(limit)s FOR UPDATE
"""
WRITE = "UPDATE live_event SET data = %(data)s::jsonb, html = %(html)s WHERE jam_key = %(jam_key)s AND seq = %(seq)s"

Change = Callable[[dict[str, Any], str], tuple[dict[str, Any], str]]


def retell(*, jam_key: int, marks: Sequence[str], field: str, numbers: Sequence[int], change: Change) -> int:
    """Has `change` make anew the data and the fragment of each event of the jam that holds one of `marks` (text, as
    JSON is written by PostgreSQL or as HTML), or one of `numbers` as its `field`. Says how many were looked at.

    Reads all events of the jam, some hundred of those found in a transaction, and is for what is rare: somebody has
    their account deleted. Hubs forget what they keep. `change` must give the same again for what it gave.
    """
    patterns = ["%" + mark.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for mark in marks]
    asked: dict[str, Any] = {"jam_key": jam_key, "marks": patterns, "field": field, "limit": AT_ONCE}
    asked["numbers"] = [str(number) for number in numbers]
    after, done = 0, 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(FIND, asked | {"after": after})
            rows = cursor.fetchall()
            for seq, data, html in rows:
                _write(cursor, jam_key, seq, (_loaded(data), html), change)
            if rows:
                bus.publish_amended(jam_key=jam_key)
        if not rows:
            return done
        after, done = rows[-1][0], done + len(rows)


def _write(cursor: Any, jam_key: int, seq: int, told: tuple[dict[str, Any], str], change: Change) -> None:
    data, html = change(*told)
    if (data, html) != told:
        cursor.execute(WRITE, {"jam_key": jam_key, "seq": seq, "data": to_json(data), "html": html})


def _loaded(data: Any) -> dict[str, Any]:
    found: Mapping[str, Any] = json.loads(data) if isinstance(data, str) else data
    return dict(found)
