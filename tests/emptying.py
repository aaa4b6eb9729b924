"""How the database is emptied after a test that committed.

Django truncates every table, which makes a new file of each and of its indexes: with this many, longer than most tests
take, and it waits for whoever reads. Here only tables with rows in them are emptied, row by row. The log of what was
done takes no DELETE, so its triggers are off meanwhile: with all others for a superuser, else by who owns the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

FILLED = "SELECT '{0}' WHERE EXISTS (SELECT FROM \"{0}\")"
MAY_SKIP_CHECKS = "SELECT current_setting('is_superuser') = 'on'"
KEPT = '"moderation_action"'
SAME_FOR_ALL = {"django_content_type", "auth_permission"}
"""What Django writes of the models themselves, and would write again after each test."""


def sql_flush(ops: DatabaseOperations, style: Any, tables: Sequence[str], **how: Any) -> list[str]:
    """In place of the one of Django's PostgreSQL backend. Who is still writing is waited for, who reads is not."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(FILLED.format(table) for table in tables if table not in SAME_FOR_ALL))
        filled = sorted(f'"{table}"' for (table,) in cursor.fetchall())
        cursor.execute(MAY_SKIP_CHECKS)
        (may_skip,) = cursor.fetchone()
    if not filled:
        return []
    before, after = ["SET LOCAL session_replication_role = replica"], []
    if not may_skip:
        # What is checked at the commit is checked before the triggers come back, as they cannot while it is pending.
        before = [f"ALTER TABLE {KEPT} DISABLE TRIGGER USER"]
        after = ["SET CONSTRAINTS ALL IMMEDIATE", f"ALTER TABLE {KEPT} ENABLE TRIGGER USER"]
    hold = f"LOCK TABLE {', '.join(filled)} IN SHARE ROW EXCLUSIVE MODE"
    return [*before, hold, *(f"DELETE FROM {table}" for table in filled), *after]
