"""Where a post stands in its thread's tree, as text that sorts in reading order."""

from __future__ import annotations

from django.db import connection

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
STEP = 8  # 36**8 ids


def step(post_id: int) -> str:
    """The eight base-36 digits of an id. Raises OverflowError for an id that needs more."""
    digits = ""
    rest = post_id
    for _ in range(STEP):
        rest, digit = divmod(rest, 36)
        digits = DIGITS[digit] + digits
    if rest:
        raise OverflowError(f"post id {post_id} does not fit a path")
    return digits


def path_under(parent_path: str, post_id: int) -> str:
    return parent_path + step(post_id)


def take_post_ids(count: int) -> list[int]:
    """Takes `count` new post ids from the sequence, in rising order. They are used up even if it rolls back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('threads_post', 'id')) FROM generate_series(1, %s)", [count]
        )
        return sorted(row[0] for row in cursor.fetchall())
