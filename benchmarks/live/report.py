"""The results as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.live.run import Measured, Result
from benchmarks.live.ticks import Row, TicksResult
from benchmarks.machine import Cores, Machine


def text(result: Result | TicksResult) -> str:
    lines = _of_ticks(result) if isinstance(result, TicksResult) else _of_writing(result)
    return "\n".join([*lines, *(f"  WRONG: {complaint}" for complaint in result.complaints)])


def _of_writing(result: Result) -> list[str]:
    scenario, measured, written = result.scenario, result.measured, result.written
    outcome, opened = measured.outcome, measured.opened
    lines = [
        (
            f"{scenario.name}: {len(scenario.tabs):,} tabs, {outcome.posts} posts and {written.votes} votes "
            f"in {measured.seconds:.1f} s ({result.site})"
        ),
        f"  held {opened.held:,} tabs, open after {opened.seconds:.1f} s {opened.failures or ''}",
        f"  coming in took {_seconds(measured.coming_in)} of CPU",
        f"  delivered {outcome.share:.4%} ({outcome.delivered:,}), {outcome.duplicates} twice, {outcome.gaps} gaps",
        f"  votes right in {outcome.votes_right:,} tabs",
        f"  delay {_delays(measured)}",
        f"  {_frames(measured)}",
        f"  CPU {_shares(measured)}; held idle {_percents(measured.idle)}",
        f"  memory {measured.memory_a_tab / 1024:.1f} KB a tab",
        (
            f"  posts answered {_quantiles(written.post_seconds)}, votes {_quantiles(written.vote_seconds)}, "
            f"sent at most {written.behind * 1000:.0f} ms late {written.errors or ''}"
        ),
    ]
    if result.floor:
        lines += [f"  floor: delay {_delays(result.floor)}", f"  floor: {_frames(result.floor)}"]
        lines += [f"  floor: coming in took {_seconds(result.floor.coming_in)} of CPU"]
        lines += [f"  floor: CPU {_shares(result.floor)}; memory {result.floor.memory_a_tab / 1024:.1f} KB a tab"]
    return lines


def _of_ticks(result: TicksResult) -> list[str]:
    lines = [
        f"ticks: {len(result.scenario.tabs):,} tabs of one thread; idle {result.idle:.2%} of a core ({result.site})",
        *(_of_a_rate(row, result.idle) for rate, row in result.rows.items() if rate),
    ]
    if result.floor:
        ticks = result.floor.outcome.posts
        lines.append(f"  floor: {ticks} ticks, {result.floor.cpu['live'] / ticks * 1000:.1f} ms of CPU each")
    return lines


def _of_a_rate(row: Row, idle: float) -> str:
    return (
        f"  {row.votes / row.seconds:>5.0f} votes a second: {row.ticks / row.seconds:.1f} ticks a second "
        f"of {row.size / 1024:.1f} KB, {row.cpu_a_tick(idle) * 1000:.1f} ms of CPU each, "
        f"{row.cpu / row.seconds:.1%} of a core"
    )


def _delays(measured: Measured) -> str:
    return _milliseconds(**{name: measured.outcome.delay(share) for name, share in SHARES.items()})


SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}


def _quantiles(seconds: list[float]) -> str:
    if not seconds:
        return "none"
    ordered = sorted(seconds)
    return _milliseconds(**{name: ordered[min(len(ordered) - 1, int(len(ordered) * s))] for name, s in SHARES.items()})


def _milliseconds(**named: float) -> str:
    return f"{' / '.join(named)} {' / '.join(f'{seconds * 1000:.0f}' for seconds in named.values())} ms"


def _frames(measured: Measured) -> str:
    heard, outcome = measured.heard, measured.outcome
    return (
        f"{heard.frames:,} frames of {heard.bytes / max(1, heard.frames) / 1024:.1f} KB; the process with tabs took "
        f"{measured.cpu_a_thousand_deliveries * 1000:.1f} ms of CPU per 1,000 deliveries ({outcome.delivered:,}), "
        f"{measured.cpu_a_thousand_frames * 1000:.1f} ms per 1,000 frames"
    )


def _shares(measured: Measured) -> str:
    return f"{_seconds(measured.cpu)}; the client took {measured.client_share:.0%} of a core"


def _seconds(spent: dict[str, float]) -> str:
    return ", ".join(f"{name} {seconds:.2f} s" for name, seconds in spent.items())


def _percents(shares: dict[str, float]) -> str:
    return ", ".join(f"{name} {share:.1%}" for name, share in shares.items())


def as_json(results: Sequence[Result | TicksResult], *, machine: Machine, cores: Cores) -> dict[str, Any]:
    return {
        "machine": asdict(machine) | {"cores_used": asdict(cores)},
        "scenarios": [_as_json(result) for result in results],
    }


def _as_json(result: Result | TicksResult) -> dict[str, Any]:
    if isinstance(result, TicksResult):
        own: dict[str, Any] = {"rows": {rate: asdict(row) for rate, row in result.rows.items()}, "idle": result.idle}
    else:
        own = {"measured": asdict(result.measured), "written": asdict(result.written)}
    return {
        "scenario": result.scenario.name,
        "site": result.site,
        "tabs": len(result.scenario.tabs),
        "complaints": result.complaints,
        "floor": asdict(result.floor) if result.floor else None,
        **own,
    }
