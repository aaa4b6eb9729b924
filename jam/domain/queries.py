"""Reads that more than one page wants. Each says how many queries it costs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, FloatField, Func, IntegerField, Sum, Value
from django.db.models.functions import Extract

from jam.domain.line import COLUMNS
from jam.models import Activity


class _Seconds(Extract):
    lookup_name = "epoch"


def activity_columns(jam_ids: Iterable[int], columns: int = COLUMNS) -> dict[int, tuple[int, ...]]:
    """How many posts fell into each of `columns` equal parts of each jam's window. One query, however many jams or posts.

    A jam without a window, or without posts in it, is left out.
    """
    column = Func(
        _Seconds(F("at"), output_field=FloatField()),
        _Seconds(F("jam__opens_at"), output_field=FloatField()),
        _Seconds(F("jam__closes_at"), output_field=FloatField()),
        Value(columns),
        function="width_bucket",
        output_field=IntegerField(),
    )
    rows = (
        Activity.objects.filter(jam__in=list(jam_ids), at__gte=F("jam__opens_at"), at__lt=F("jam__closes_at"))
        .annotate(column=column)
        .values("jam_id", "column")
        .order_by()
        .annotate(total=Sum("posts"))
        .values_list("jam_id", "column", "total")
    )
    found: dict[int, list[int]] = {}
    for jam_id, number, total in rows:
        found.setdefault(jam_id, [0] * columns)[min(number, columns) - 1] += total
    return {jam_id: tuple(counts) for jam_id, counts in found.items()}
