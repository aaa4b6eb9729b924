"""Lines of a CSV file that is sent while it is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence


def csv_line(cells: Sequence[str]) -> str:
    """One row as RFC 4180 has it."""
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
