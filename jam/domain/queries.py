"""Reads that more than one page wants. Each says how many queries it costs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, FloatField, Func, IntegerField, Sum, Value
from django.db.models.functions import Cast, Ceil, Extract, Greatest, Least

from jam.domain.line import BUCKET, COLUMNS_MAX
from jam.models import Activity


class _Seconds(Extract):
    lookup_name = "epoch"


def activity_columns(jam_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """How many posts fell into each column of each jam's line. One query, however many jams or posts.

    A jam without a window, or without posts in it, is left out.
    """
    opens, closes = _seconds("jam__opens_at"), _seconds("jam__closes_at")
    # The same as line.columns_in.
    columns = Cast(
        Least(Value(COLUMNS_MAX), Greatest(Value(1), Ceil((closes - opens) / Value(BUCKET.total_seconds())))),
        IntegerField(),
    )
    column = Func(_seconds("at"), opens, closes, columns, function="width_bucket", output_field=IntegerField())
    rows = (
        Activity.objects.filter(jam__in=list(jam_ids), at__gt=F("jam__opens_at") - BUCKET, at__lt=F("jam__closes_at"))
        .annotate(columns=columns, column=column)
        .values("jam_id", "columns", "column")
        .order_by()
        .annotate(total=Sum("posts"))
        .values_list("jam_id", "columns", "column", "total")
    )
    found: dict[int, list[int]] = {}
    for jam_id, width, number, total in rows:
        # A bucket that began before the opening belongs to the first column.
        found.setdefault(jam_id, [0] * width)[max(number, 1) - 1] += total
    return {jam_id: tuple(counts) for jam_id, counts in found.items()}


def _seconds(field: str) -> _Seconds:
    return _Seconds(F(field), output_field=FloatField())
