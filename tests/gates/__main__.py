"""`python -m tests.gates [PYTEST ARGUMENT...]`: the tools that read the code, then every test. Fails if any did."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
# `dist loadfile` keeps a file's tests in one process: a browser is started once for them. Sorted by how many tests they
# have, the files with few and long ones would come last, and one process would wait for the other.
PYTEST = [
    *(sys.executable, "-m", "pytest", "-n", os.environ.get("TEST_PROCESSES", "2")),
    *("--dist", "loadfile", "--no-loadscope-reorder"),
]


def gates() -> dict[str, list[str]]:
    templates = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))
    return {
        "ruff check": [str(BIN / "ruff"), "check", "--quiet", "."],
        "ruff format": [str(BIN / "ruff"), "format", "--quiet", "--check", "--diff", "."],
        "mypy": [str(BIN / "mypy"), "--no-error-summary"],
        "import-linter": [str(BIN / "lint-imports"), "--no-logo"],
        "djade": [str(BIN / "djade"), "--target-version", "5.2", "--check", *templates],
    }


def run_gate(name: str, command: list[str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(f"{name}: {'FAILED' if done.returncode else 'ok'} ({time.monotonic() - started:.1f} s)", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return not done.returncode


def main(arguments: list[str]) -> int:
    failed = [name for name, command in gates().items() if not run_gate(name, command)]
    if arguments == ["--only-gates"]:
        return 1 if failed else 0
    # The test run repeats what failed here, above its own closing line.
    environ = os.environ | {"FAILED_GATES": ", ".join(failed)}
    tests = subprocess.run([*PYTEST, *arguments], cwd=ROOT, env=environ)
    return tests.returncode or (1 if failed else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
