"""`python -m benchmarks.live`: tabs that listen while people write, and the floor of the same server beside them."""

from __future__ import annotations

import json
import resource
import sys
from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from pathlib import Path
from typing import Any

from benchmarks.machine import Cores, Machine
from benchmarks.site import throw_away_servers

# Each scenario as often as it is run, with what is different then from its own numbers.
RUNS: dict[str, list[dict[str, float]]] = {"jam": [{}], "thread": [{}, {"tabs": 5_000}], "burst": [{}], "ticks": [{}]}


def arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks.live", description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=f"{', '.join(RUNS)} (default: all)")
    parser.add_argument("--tabs", type=int, help="how many tabs, in place of the scenario's own numbers")
    parser.add_argument("--seconds", type=float, help="how long people write, in place of the scenario's own time")
    parser.add_argument("--apart", action=BooleanOptionalAction, help="pages and sockets as two processes, or as one")
    parser.add_argument("--floor", action=BooleanOptionalAction, default=True, help="measure the floor too")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write every figure there too")
    options = parser.parse_args()
    if unknown := set(options.scenarios) - set(RUNS):
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    return options


def main(options: Namespace) -> int:
    cores, machine = Cores.of_this_machine(), Machine.this()
    print(machine, flush=True)
    _allow_many_sockets()
    results: list[Any] = []
    with throw_away_servers("jam.settings") as folder:
        # These bring the models, which want the settings.
        from benchmarks.live import report, run, scenarios, ticks
        from benchmarks.live.sites import standing

        wishes = {"tabs": options.tabs, "seconds": options.seconds}
        given = {name: value for name, value in wishes.items() if value is not None}
        for name in options.scenarios or RUNS:
            for variation in RUNS[name] if options.tabs is None else [{}]:
                scenario = getattr(scenarios, name)(**variation | given)
                measure = ticks.run if name == "ticks" else run.run
                apart = scenario.apart if options.apart is None else options.apart
                with standing(folder, cores=cores, apart=apart) as site:
                    results.append(measure(scenario, site, floor=options.floor))
                print("", report.text(results[-1]), sep="\n", flush=True)
        if options.json:
            options.json.write_text(json.dumps(report.as_json(results, machine=machine, cores=cores), indent=2) + "\n")
    return 1 if any(result.complaints for result in results) else 0


def _allow_many_sockets() -> None:
    """As many open files as the system lets us have, here and in all that is started from here."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    try:
        sys.exit(main(arguments()))
    except KeyboardInterrupt:
        sys.exit(130)
