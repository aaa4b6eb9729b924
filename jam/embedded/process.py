"""A part of the site that runs as a process of its own: start it, watch it, stop it, and end what a crash left."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")
LINUX = Path("/proc/self/stat").exists()
LOG_MAX = 10 * 1024 * 1024


@dataclass
class Part:
    name: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    log: Path
    record: Path

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.alive:
            self.process.send_signal(self.stop_signal)

    def stop(self, *, grace: float = 15) -> None:
        """Asks, waits for `grace` seconds, then kills it with everything it started."""
        self.ask_to_stop()
        try:
            self.process.wait(grace)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.record.unlink(missing_ok=True)

    def last_words(self, wanted: str = "") -> str:
        """The last line of its log that says something: of the last few one with `wanted` in it, if there is any."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        said = [line.strip() for line in lines if line.strip()][-10:]
        return next((line for line in reversed(said) if wanted in line), said[-1] if said else "")


def start(
    name: str,
    command: Sequence[str],
    *,
    run: Path,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    identity: str = "",
    pass_fds: Sequence[int] = (),
) -> Part:
    """Starts `command` in a session of its own (the terminal's Ctrl-C is not for it) and on a leash."""
    end_leftover(run / f"{name}.json", stop_signal=stop_signal)
    rotate(log)
    leashed = [sys.executable, "-I", "-S", str(LEASH), str(int(stop_signal)), str(os.getpid()), identity, *command]
    with log.open("ab") as output:
        process = subprocess.Popen(
            leashed,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            pass_fds=pass_fds,
            start_new_session=True,
        )
    part = Part(name, process, stop_signal, log, run / f"{name}.json")
    part.record.write_text(json.dumps({"pid": process.pid, "started": started_at(process.pid)}))
    return part


def end_leftover(record: Path, *, stop_signal: signal.Signals, grace: float = 30) -> None:
    """Ends the process that `record` names, if it outlived a supervisor that was killed."""
    try:
        left = json.loads(record.read_text())
        pid, started = int(left["pid"]), str(left["started"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    if started and started_at(pid) == started:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, stop_signal)
        deadline = time.monotonic() + grace
        while started_at(pid) == started:
            if time.monotonic() > deadline:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
    record.unlink(missing_ok=True)


def started_at(pid: int) -> str:
    """When a process started, in whatever form the system says it; empty if it does not run.

    With the pid it names one process for good: a pid alone may be somebody else's by now.
    """
    if LINUX:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] in "ZX" else fields[19]
    return _ps(pid, "lstart=")


def command_of(pid: int) -> str:
    """The command line of a running process; empty if there is none."""
    if LINUX:
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    return _ps(pid, "args=")


def _ps(pid: int, column: str) -> str:
    return subprocess.run(["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True).stdout.strip()


def rotate(log: Path) -> None:
    """Keeps one older log beside a log that has grown large."""
    if log.exists() and log.stat().st_size > LOG_MAX:
        log.replace(log.with_suffix(".old.log"))
