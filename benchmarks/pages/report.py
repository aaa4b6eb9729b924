"""The results as a person reads them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.machine import Cores, Machine
from benchmarks.pages.run import Result

# Requests a second: the median of the rounds, their least and their most. Milliseconds. CPU is the server's, a request.
HEAD = ("page", "req/s", "min-max", "p50", "p95", "p99", "max", "bytes", "queries", "CPU ms", "new conn.", "errors")


def table(results: Sequence[Result]) -> str:
    rows = [HEAD, *(_row(result) for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "  ".join(
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _row(result: Result) -> tuple[str, ...]:
    cpu = result.cpu_per_request
    return (
        result.page.name,
        f"{statistics.median(result.rates):.0f}",
        f"{min(result.rates):.0f}-{max(result.rates):.0f}",
        *(f"{result.percentile(share) * 1000:.1f}" for share in (0.5, 0.95, 0.99, 1)),
        f"{result.largest:,}",
        str(result.queries),
        "?" if cpu is None else f"{cpu * 1000:.2f}",
        str(result.new_connections),
        str(result.errors),
    )


def shares(results: Sequence[Result]) -> dict[str, list[float]]:
    """What each page reaches of the requests a second of its server's floor, round by round."""
    floors = {result.page.server: result for result in results if result.page.floor}
    return {
        result.page.name: [
            rate / floor for rate, floor in zip(result.rates, floors[result.page.server].rates, strict=True) if floor
        ]
        for result in results
        if result.page.server in floors and not result.page.floor
    }


def comparison(results: Sequence[Result]) -> str:
    lines = ["of the requests a second of the same server with one query and no template, round by round:"]
    for name, by_round in shares(results).items():
        middle = statistics.median(by_round) if by_round else 0.0
        lines.append(f"  {name}: {middle:.1%}  ({', '.join(f'{share:.1%}' for share in by_round)})")
    return "\n".join(lines)


def as_json(results: Sequence[Result], *, machine: Machine, cores: Cores) -> dict[str, Any]:
    return {
        "machine": asdict(machine) | {"cores_used": asdict(cores)},
        "pages": [result.as_json() for result in results],
        "share_of_the_floor": {
            name: [round(share, 4) for share in by_round] for name, by_round in shares(results).items()
        },
    }
