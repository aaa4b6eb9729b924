"""The promise, while things break: `python -m benchmarks.live.faults --tabs 1000`.

While people write and vote, a web process is killed, Redis is stopped and hangs, and PostgreSQL is restarted. Every
post that was answered with 201 must be in every tab of its rooms exactly once, and every tab as its page loaded afresh,
within ten seconds of the last fault. Ends with 1 if that does not hold.
"""

from __future__ import annotations

import argparse
import os
import sys
from statistics import median

from benchmarks.live.faults_run import PROMISE, Happened, Outcome, Plan, Tally, conduct
from benchmarks.live.faults_site import breakable_site
from benchmarks.site import throw_away_servers

WRONG_SHOWN = 20


def main() -> int:
    plan = parse()
    os.environ["LOG_LEVEL"] = "WARNING"
    with throw_away_servers("jam.settings") as folder:
        # It knows the models, which wait for Django.
        from benchmarks.live.content import fill

        content = fill(people=plan.tabs, forums=plan.forums, threads=plan.threads, replies=5)
        with breakable_site(folder) as site:
            outcome = conduct(plan, content, site)
    report(outcome)
    return 1 if outcome.wrong else 0


def parse() -> Plan:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tabs", type=int, default=1_000, help="each of another person; a twentieth without sockets")
    parser.add_argument("--forums", type=int, default=4)
    parser.add_argument("--threads", type=int, default=20)
    parser.add_argument("--posts", type=float, default=20, dest="posts_a_second", help="a second")
    parser.add_argument("--votes", type=float, default=10, dest="votes_a_second", help="a second")
    parser.add_argument("--redis-away", type=float, default=10, help="seconds")
    parser.add_argument("--postgres-away", type=float, default=2, help="seconds")
    parser.add_argument("--between", type=float, default=10, help="seconds from one fault to the next")
    return Plan(**vars(parser.parse_args()))


def report(outcome: Outcome) -> None:
    print(f"{outcome.tabs} tabs, {outcome.posts} posts, {outcome.votes} votes")
    for happened, tally, late in zip(outcome.happened, outcome.tallies, outcome.late, strict=True):
        print(describe(happened, tally, late))
    ends = ", ".join(f"{code or 'broken'} {number} times" for code, number in sorted(outcome.ends.items()))
    print(f"lines ended in all: {ends or 'none'}; tabs that noticed a gap: {outcome.gaps}")
    if not outcome.wrong:
        print(f"All of it is in every tab exactly once, {outcome.whole_after:.1f} s after the last fault.")
        return
    print(f"BROKEN: {len(outcome.wrong)} things are wrong {PROMISE:g} s after the last fault")
    for word in outcome.wrong[:WRONG_SHOWN]:
        print(f"  {word}")


def describe(happened: Happened, tally: Tally, late: list[float]) -> str:
    answers = ", ".join(f"{answer} {number} times" for answer, number in sorted(tally.answers.items()))
    return (
        f"- {happened.fault.name} ({happened.mended - happened.began:.1f} s): {tally.lines} lines broke, "
        f"{tally.resets} tabs loaded anew. Half of the tabs had what was written meanwhile {median(late):.1f} s after "
        f"it was mended, all of them {max(late):.1f} s after. Writers were answered {answers}"
    )


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # The tabs' thread and Django's have nothing left to say.
    os._exit(status)
