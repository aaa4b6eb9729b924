"""`python -m benchmarks.pages`: the pages of a jam, beside the same server answering with one query and no template."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from benchmarks.machine import Cores, Machine, on_core
from benchmarks.site import serving, throw_away_servers

SETTINGS = "benchmarks.pages.settings"
HOST = "127.0.0.1"


def arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each page has its turn (default: 5)")
    parser.add_argument("--seconds", type=float, default=3, help="how long a turn is (default: 3)")
    parser.add_argument("--requests", type=int, default=50_000, help="how many requests end it early (default: 50000)")
    parser.add_argument("--connections", type=int, default=8, help="keep-alive connections, each a person (default: 8)")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write every figure there too")
    return parser.parse_args()


def main(options: Namespace) -> int:
    cores, machine = Cores.of_this_machine(), Machine.this()
    print(machine, cores, sep="\n", flush=True)
    with on_core(cores.rest), throw_away_servers(SETTINGS) as folder:
        # These bring the models, which want the settings.
        from benchmarks.pages.content import fill
        from benchmarks.pages.report import as_json, comparison, table
        from benchmarks.pages.run import measure, pages_of

        content = fill(readers=options.connections)
        with serving(folder, core=cores.server) as server:
            results = measure(
                pages_of(content, server=server, host=HOST),
                rounds=options.rounds,
                seconds=options.seconds,
                requests=options.requests,
                cores=cores,
                host=HOST,
            )
        print("", table(results), "", comparison(results), sep="\n")
        if options.json:
            options.json.write_text(json.dumps(as_json(results, machine=machine, cores=cores), indent=2) + "\n")
    return 1 if any(result.errors for result in results) else 0


if __name__ == "__main__":
    try:
        sys.exit(main(arguments()))
    except KeyboardInterrupt:
        sys.exit(130)
