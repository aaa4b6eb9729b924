"""The benchmark's own end of the client's process, and what every process has spent."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.live.plans import Heard, Opened, OpenPlan, Outcome, Rounds, Truth, WritePlan, Written
from benchmarks.machine import cpu_seconds, on_core


class ClientProcess:
    """Each method waits for the client's answer. Raises EOFError if it died; what it said last is on stderr."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    @property
    def pid(self) -> int:
        return self.process.pid

    def open(self, plan: OpenPlan) -> Opened:
        return Opened(**self._ask("open", plan))

    def write(self, plan: WritePlan) -> Written:
        return Written(**self._ask("write", plan))

    def heard(self) -> Heard:
        return Heard(**self._ask("heard"))

    def settle(self, truth: Truth) -> Outcome:
        return _outcome(self._ask("settle", truth))

    def rounds(self, rounds: Rounds) -> Outcome:
        return _outcome(self._ask("rounds", rounds))

    def _ask(self, name: str, said: Any = None) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps([name, asdict(said) if said else {}]), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise EOFError(f"the client died over {name!r}")
        read: dict[str, Any] = json.loads(answer)
        return read


def _outcome(said: dict[str, Any]) -> Outcome:
    # JSON knows no numbers as keys.
    delays = {int(bucket): times for bucket, times in said["delays"].items()}
    return Outcome(**said | {"delays": delays})


@contextmanager
def client(*, core: int | None) -> Iterator[ClientProcess]:
    """A client on `core`; at the end of the block its tabs are closed."""
    with on_core(core):
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.live.client"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent.parent,
        )
    with process:
        try:
            yield ClientProcess(process)
        except BaseException:
            process.kill()
            raise


class Meter:
    """The CPU-seconds of some processes since it was made."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self.pids = pids
        self._before = self._now()

    def spent(self) -> dict[str, float]:
        return {name: spent - self._before[name] for name, spent in self._now().items()}

    def _now(self) -> dict[str, float]:
        return {name: cpu_seconds(pid) or 0.0 for name, pid in self.pids.items()}
