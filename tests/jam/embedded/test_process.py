"""Processes that are started here are small shell commands of our own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from jam.embedded import process
from jam.embedded.postgres import forget_stale_pid
from tests.e2e.stack import eventually


def start(tmp_path: Path, script: str) -> process.Part:
    part = process.start("part", ["/bin/sh", "-c", script], run=tmp_path, log=tmp_path / "part.log")
    eventually(part.last_words, what="its first word")
    return part


def test_a_part_stops_when_asked(tmp_path: Path) -> None:
    part = start(tmp_path, "echo up; exec sleep 60")
    assert part.alive
    part.stop()
    assert (part.alive, part.process.returncode, part.record.exists()) == (False, -signal.SIGTERM, False)


def test_a_part_that_does_not_listen_is_killed_with_what_it_started(tmp_path: Path) -> None:
    part = start(tmp_path, "trap '' TERM; sleep 60 & echo $!; wait; wait")
    child = int(part.last_words())
    part.stop(grace=0.2)
    assert part.process.returncode == -signal.SIGKILL
    eventually(lambda: not process.started_at(child), what="its child is gone")


def test_what_a_killed_supervisor_left_is_ended_by_the_next_start(tmp_path: Path) -> None:
    left = subprocess.Popen(["/bin/sh", "-c", "exec sleep 60"])
    record = {"pid": left.pid, "started": process.started_at(left.pid)}
    (tmp_path / "part.json").write_text(json.dumps(record))
    part = start(tmp_path, "echo up; exec sleep 60")
    assert left.wait(5) == -signal.SIGTERM
    part.stop()


def test_a_process_that_only_has_the_same_number_is_left_alone(tmp_path: Path) -> None:
    other = subprocess.Popen(["/bin/sh", "-c", "exec sleep 60"])
    (tmp_path / "part.json").write_text(json.dumps({"pid": other.pid, "started": "long ago"}))
    start(tmp_path, "echo up; exec sleep 60").stop()
    assert other.poll() is None
    other.kill()
    other.wait()


def test_a_part_does_not_outlive_the_process_that_started_it(tmp_path: Path) -> None:
    script = f"""
from pathlib import Path
from jam.embedded import process
here = Path({str(tmp_path)!r})
part = process.start("part", ["/bin/sh", "-c", "echo up; exec sleep 60"], run=here, log=here / "part.log")
print(part.process.pid, flush=True)
input()
"""
    parent = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdin
    assert parent.stdout
    pid = int(parent.stdout.readline())
    assert process.started_at(pid)
    parent.kill()
    parent.wait()
    parent.stdin.close()
    parent.stdout.close()
    eventually(lambda: not process.started_at(pid), what="the part is gone")


def test_a_large_log_is_put_aside(tmp_path: Path) -> None:
    log = tmp_path / "part.log"
    with log.open("wb") as file:
        file.truncate(process.LOG_MAX + 1)
    process.rotate(log)
    assert (log.exists(), (tmp_path / "part.old.log").stat().st_size) == (False, process.LOG_MAX + 1)


def test_a_pid_file_of_a_server_that_was_killed_is_forgotten_if_its_number_is_now_anothers(tmp_path: Path) -> None:
    file = tmp_path / "postmaster.pid"
    file.write_text(f"{os.getpid()}\n/somewhere\n")
    forget_stale_pid(file)
    assert not file.exists()
    file.write_text("999999999\n/somewhere\n")  # nobody's: PostgreSQL deals with it
    forget_stale_pid(file)
    assert file.exists()
