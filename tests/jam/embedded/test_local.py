from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jam.embedded.local import option
from tests.e2e.stack import eventually

ROOT = Path(__file__).resolve().parents[3]
TAKEN = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DATA_DIR"}


@pytest.mark.parametrize(
    ("argv", "value"),
    [
        (["manage.py", "up"], ""),
        (["manage.py", "up", "--data", "here"], "here"),
        (["manage.py", "up", "--data=here", "--no-demo"], "here"),
        (["manage.py", "up", "--data"], ""),
    ],
)
def test_an_option_is_found_before_django_looks(argv: list[str], value: str) -> None:
    assert option(argv, "--data") == value


def shell(data: Path, code: str) -> subprocess.Popen[str]:
    environ = {name: value for name, value in os.environ.items() if name not in TAKEN} | {"DATA_DIR": str(data)}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_commands_at_the_same_time_share_the_servers_and_the_first_waits_for_the_last(tmp_path: Path) -> None:
    data, first_may_end, second_may_end = tmp_path / "data", tmp_path / "first", tmp_path / "second"
    wait = "\nimport time\nfrom pathlib import Path\nwhile not Path({!r}).exists(): time.sleep(0.02)\n"
    ask = "from accounts.models import Person; print(Person.objects.count(), flush=True)"
    first = shell(data, ask + wait.format(str(first_may_end)))
    eventually((data / "run" / "servers.ready").exists, within=60)
    second = shell(data, ask + wait.format(str(second_may_end)) + ask)
    assert second.stdout
    assert second.stdout.readline() == "0\n"
    first_may_end.touch()
    eventually(lambda: not (data / "run" / "servers.ready").exists(), within=10, what="the first is about to stop")
    assert first.poll() is None
    second_may_end.touch()
    assert (second.communicate(timeout=30), second.returncode) == (("0\n", ""), 0)
    assert (first.communicate(timeout=30)[0], first.returncode) == ("0\n", 0)
