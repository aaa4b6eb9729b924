"""The machine that is measured on: its cores, and what a process spends of them."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path


@dataclass(frozen=True)
class Cores:
    """Which core the server has to itself, and which one everything else shares. None: the system decides."""

    server: int | None
    rest: int | None

    @classmethod
    def of_this_machine(cls) -> Cores:
        # Only Linux lets us say it.
        free = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        return cls(free[0], free[1]) if len(free) > 1 else cls(None, None)

    @property
    def pinned(self) -> bool:
        return self.server is not None

    def __str__(self) -> str:
        if self.pinned:
            return f"server on core {self.server}; load, PostgreSQL and Redis on core {self.rest}"
        return "not pinned (one core, or a system without affinity): server and load take from each other"


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """What is started inside runs on this core, and stays there."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def pin(pid: int, core: int | None) -> None:
    """Moves a process and those it started to this core, for good; None: to all cores that there are."""
    if hasattr(os, "sched_setaffinity"):
        cores = {core} if core is not None else set(range(os.cpu_count() or 1))
        for used in _processes(pid):
            os.sched_setaffinity(used.pid, cores)


def cpu_seconds(pid: int) -> float | None:
    """What a process and those it started have spent so far; None where /proc does not tell."""
    spent = [used.cpu for used in _processes(pid)]
    return sum(spent) if spent else None


def memory(pid: int) -> int:
    """The bytes of memory that a process and those it started hold; what they share counts for each."""
    return sum(used.memory for used in _processes(pid))


@dataclass(frozen=True)
class _Used:
    pid: int
    cpu: float
    memory: int


def _processes(pid: int) -> list[_Used]:
    """What a process and those it started have used; nothing where /proc does not tell."""
    children: dict[int, list[int]] = {}
    used: dict[int, _Used] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        number = int(stat.parent.name)
        children.setdefault(int(fields[1]), []).append(number)
        cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        used[number] = _Used(number, cpu=cpu, memory=int(fields[21]) * os.sysconf("SC_PAGE_SIZE"))
    family = [pid] if pid in used else []
    for number in family:
        family += children.get(number, [])
    return [used[number] for number in family]


@dataclass(frozen=True)
class Machine:
    cores: int
    load_before: float
    python: str
    django: str
    system: str
    processor: str

    @classmethod
    def this(cls) -> Machine:
        return cls(
            cores=os.cpu_count() or 1,
            load_before=round(os.getloadavg()[0], 2),
            python=platform.python_version(),
            django=version("django"),
            system=f"{platform.system()} {platform.machine()}",
            processor=_processor(),
        )

    def __str__(self) -> str:
        load = f"load {self.load_before} before"
        return (
            f"{self.processor}, {self.cores} cores, {load}; Python {self.python}, Django {self.django}, {self.system}"
        )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
