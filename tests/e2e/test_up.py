"""`manage.py up` and its neighbours on the command line, from the outside."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from tests.e2e.stack import eventually

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc"),
]
ROOT = Path(settings.BASE_DIR)
TAKEN = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DATA_DIR", "DJANGO_SETTINGS_MODULE"}


def environ(**more: str) -> dict[str, str]:
    """That of somebody who has set nothing."""
    return {name: value for name, value in os.environ.items() if name not in TAKEN} | more


class Up:
    """One `manage.py up` and what it said so far."""

    def __init__(self, data: Path, *options: str, demo: bool = False) -> None:
        self.data = data
        self.output = data.parent / f"{data.name}.output"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--data", str(data), *options, *([] if demo else ["--no-demo"])],
                cwd=ROOT,
                env=environ(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> list[str]:
        return self.output.read_text().splitlines()

    def url(self) -> str:
        """Waits for the ready line; gives the address in it."""

        def ready() -> str:
            lines = [line for line in self.said() if line.startswith("ready ")]
            assert lines or self.process.poll() is None, self.said()
            return lines[0].removeprefix("ready ") if lines else ""

        return eventually(ready, within=60, what="the ready line")

    def part(self, name: str) -> int:
        return int(json.loads((self.data / "run" / f"{name}.json").read_text())["pid"])

    def ended(self) -> int:
        return self.process.wait(30)


@contextmanager
def up(data: Path, *options: str, demo: bool = False) -> Iterator[Up]:
    started = Up(data, *options, demo=demo)
    try:
        yield started
    finally:
        started.process.kill()
        started.process.wait()
        eventually(lambda: not left(data), within=30, what="nothing is left")


def left(data: Path) -> list[str]:
    """The command lines of the processes that have something to do with the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = ((process / name).read_bytes() for name in ("cmdline", "environ"))
        except OSError:
            continue
        if command and int(process.name) != os.getpid() and bytes(data) in command + environment:
            found.append(command.replace(b"\0", b" ").decode())
    return found


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all these tests: each start finds what the last one left."""
    return tmp_path_factory.mktemp("up") / "data"


def count_people(data: Path) -> int:
    """Asks with a command of manage.py, which finds the servers by itself."""
    code = "from accounts.models import Person; print(Person.objects.count())"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    done = subprocess.run(
        command, cwd=ROOT, env=environ(DATA_DIR=str(data)), capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def add_person(data: Path, email: str) -> None:
    command = [sys.executable, "manage.py", "createsuperuser", "--noinput", "--email", email, "--name", "Ida"]
    more = {"DATA_DIR": str(data), "DJANGO_SUPERUSER_PASSWORD": "a-quiet-harbour-42"}
    subprocess.run(command, cwd=ROOT, env=environ(**more), capture_output=True, check=True)


def test_a_command_brings_its_servers_and_takes_them_away_again(data: Path) -> None:
    assert count_people(data) == 0  # the tables of a new folder are made on the way
    assert left(data) == []


def test_it_starts_stops_and_starts_again_as_it_was(data: Path) -> None:
    with up(data, "--port", str(free_port())) as first:
        url = first.url()
        assert httpx.get(f"{url}healthz").json() == {"database": True, "redis": True}
        add_person(data, "ida@example.org")
        assert count_people(data) == 1
        # As a terminal does it: to the whole group, and as `make` does it: once more.
        os.killpg(first.process.pid, signal.SIGINT)
        os.killpg(first.process.pid, signal.SIGINT)
        assert (first.ended(), first.said()) == (0, [f"ready {url}", "stopped"])
        assert left(data) == []
    assert count_people(data) == 1
    with up(data, "--port", str(free_port())) as second:
        second.url()
        assert count_people(data) == 1
        second.process.terminate()
        assert (second.ended(), left(data)) == (0, [])


def test_the_demo_gives_the_same_three_sign_ins_at_each_start(tmp_path: Path) -> None:
    said = []
    for _ in range(2):
        with up(tmp_path / "data", "--port", str(free_port()), demo=True) as started:
            url = started.url()
            said.append(eventually(lambda now=started: now.said()[1:4] if len(now.said()) > 3 else [], what="sign-ins"))
            assert "demo" in httpx.get(url).text
            started.process.terminate()
            assert started.ended() == 0
    assert said[0] == said[1]
    assert [line.split()[0] for line in said[0]] == ["participant", "facilitator", "admin"]


def test_a_taken_port_is_said_and_the_next_free_one_used(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with up(data, "--port", str(port)) as started:
            url = started.url()
            assert url != f"http://127.0.0.1:{port}/"
            assert started.said()[0] == f"port {port} is taken; using {url.rsplit(':')[-1].rstrip('/')}"
            assert httpx.get(f"{url}healthz").status_code == 200


def test_a_second_one_on_the_same_folder_says_so_and_leaves_the_first_alone(data: Path) -> None:
    with up(data, "--port", str(free_port())) as first:
        url = first.url()
        command = [sys.executable, "manage.py", "up", "--no-demo", "--data", str(data)]
        second = subprocess.run(command, cwd=ROOT, env=environ(), capture_output=True, text=True, timeout=30)
        assert (second.returncode, second.stdout) == (1, "")
        said = f"CommandError: {data} is in use by manage.py up (process {first.process.pid}); stop that first.\n"
        assert second.stderr == said
        assert httpx.get(f"{url}healthz").status_code == 200


@pytest.mark.parametrize("name", ["web", "worker", "beat", "redis", "postgres"])
def test_a_part_that_dies_ends_it_with_one_line(data: Path, name: str) -> None:
    with up(data, "--port", str(free_port())) as started:
        started.url()
        os.kill(started.part(name), signal.SIGKILL)
        assert started.ended() == 1
        assert started.said()[1].startswith(f"CommandError: {name} was killed by SIGKILL: ")
        assert (len(started.said()), left(data)) == (2, [])


def test_killed_outright_it_takes_its_parts_along_and_starts_again(data: Path) -> None:
    port = str(free_port())
    with up(data, "--port", port) as first:
        first.url()
        first.process.kill()
        first.ended()
        with up(data, "--port", port) as second:  # at once, while parts of the first may still be ending
            second.url()
            assert count_people(data) == 1
            second.process.terminate()
            assert (second.ended(), left(data)) == (0, [])


def test_a_part_that_cannot_start_is_named_in_one_line(tmp_path: Path) -> None:
    data = tmp_path / "broken"
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "PG_VERSION").write_text("9.6\n")
    with up(data) as started:
        assert started.ended() == 1
        (line,) = started.said()
        assert line.startswith("CommandError: PostgreSQL did not start: ")


@pytest.mark.parametrize(
    ("name", "url", "said"),
    [
        ("DATABASE_URL", "postgres://jam@127.0.0.1:1/jam", "CommandError: PostgreSQL does not answer (DATABASE_URL): "),
        ("REDIS_URL", "redis://127.0.0.1:1/0", "CommandError: Redis does not answer (REDIS_URL): "),
    ],
)
def test_a_named_server_that_is_down_is_said_in_one_line(data: Path, name: str, url: str, said: str) -> None:
    command = [sys.executable, "manage.py", "up", "--no-demo", "--data", str(data)]
    done = subprocess.run(command, cwd=ROOT, env=environ(**{name: url}), capture_output=True, text=True, timeout=60)
    (line,) = done.stderr.splitlines()
    assert line.startswith(said)
    assert (done.returncode, left(data)) == (1, [])
