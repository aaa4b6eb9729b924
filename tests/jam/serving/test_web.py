from __future__ import annotations

import subprocess
import sys

SHOW = """
import resource
from jam.serving.web import allow_many_files
allow_many_files()
print(resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def test_a_web_process_may_open_as_many_files_as_the_system_lets_it() -> None:
    script = 'ulimit -Sn 256 && ulimit -Hn 4096 && exec "$0" -c "$1"'
    command = ["/bin/sh", "-c", script, sys.executable, SHOW]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "(4096, 4096)\n"
