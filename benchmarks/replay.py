"""`python -m benchmarks.replay BUNDLE`: loads a jam that is long over as one that is open now.

A given share of it has passed. Its times are moved and stretched: what was written over four years is written over the
hours between the new opening and the new close, in the same order and with the same rhythm, by day and by night alike.
What would be written after now is left out, or with --post is posted as its time comes, through the verb, so that open
tabs hear of it.

With --into, the bundle's first posts are posted into a jam that is there and open, by those who take part in it, within
so many minutes: a jam to run, with people in it who write.

With --member, a member of it (made anew with an address and a password, or found) was here last so many hours ago:
what they missed since is theirs to catch up with. The database is the one of DATABASE_URL; a site that `manage.py up`
runs says its own in the environment of its processes, and `--data DIR` finds it.
"""

from __future__ import annotations

import csv
import json
import os
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jam.models import Jam, Member

csv.field_size_limit(sys.maxsize)
PASSWORD = "replayed-harbour-42"  # of who is made for a try-out
Row = dict[str, str]


@dataclass(frozen=True)
class Move:
    """From the times of a jam that was to times around now. Pure."""

    was_open: datetime
    was_closed: datetime
    opens: datetime
    closes: datetime

    def __call__(self, at: datetime) -> datetime:
        """Where a moment of then lies now; before the opening and after the close it stays as far away."""
        if at < self.was_open:
            return self.opens - (self.was_open - at)
        if at > self.was_closed:
            return self.closes + (at - self.was_closed)
        return self.opens + (self.closes - self.opens) * ((at - self.was_open) / (self.was_closed - self.was_open))


def move_to(now: datetime, description: dict[str, Any], *, hours: float, passed: float) -> Move:
    """A window of so many hours of which the share `passed` lies before `now`."""
    length = timedelta(hours=hours)
    opens = now - length * passed
    return Move(_time(description["opens_at"]), _time(description["closes_at"]), opens, opens + length)


def rewrite(bundle: Path, into: Path, *, now: datetime, move: Move) -> list[Row]:
    """Writes the bundle with its times moved into a folder, without what is after `now`; answers the posts left out.

    A reply whose parent is left out is left out with it, and so are votes on either.
    """
    description = json.loads((bundle / "jam.json").read_text())
    description |= {"opens_at": move.opens.isoformat(), "closes_at": move.closes.isoformat()}
    description.pop("reading_until", None)
    (into / "jam.json").write_text(json.dumps(description))
    for name in ("forums.csv", "people.csv"):
        (into / name).write_bytes((bundle / name).read_bytes())
    kept: set[str] = set()
    later: list[Row] = []

    def posts() -> Iterator[Row]:
        for row in sorted(_rows(bundle / "posts.csv"), key=lambda row: _time(row["created_at"])):
            at = move(_time(row["created_at"]))
            row["created_at"] = at.isoformat()
            if at > now or (row["parent_id"] and row["parent_id"] not in kept):
                later.append(row)
                continue
            kept.add(row["post_id"])
            yield row

    _write(into / "posts.csv", posts())
    votes = ({**row, "cast_at": move(_time(row["cast_at"])).isoformat()} for row in _rows(bundle / "votes.csv"))
    _write(into / "votes.csv", (row for row in votes if row["post_id"] in kept and _time(row["cast_at"]) <= now))
    return later


def _rows(path: Path) -> Iterator[Row]:
    if not path.exists():
        return
    with path.open(newline="", encoding="utf-8-sig") as file:
        yield from csv.DictReader(file)


def _write(path: Path, rows: Iterator[Row]) -> None:
    first = next(rows, None)
    if first is None:
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        writer.writerows(chain([first], rows))


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


# --- into the database, which wants the settings ---


def load_bundle(bundle: Path, *, slug: str | None, hours: float, passed: float) -> tuple[Jam, list[Row]]:
    """The jam, open now to anyone with an account, and the posts that are still to come."""
    from jam.domain.phases import database_now
    from jam.models import Door
    from results.bundle.load import load
    from results.bundle.source import open_path

    now = database_now()
    move = move_to(now, json.loads((bundle / "jam.json").read_text()), hours=hours, passed=passed)
    with tempfile.TemporaryDirectory() as folder:
        later = rewrite(bundle, Path(folder), now=now, move=move)
        with open_path(Path(folder)) as source:
            jam = load(source, slug=slug, door=Door.ACCOUNT).jam
    return jam, later


def member_away(jam: Jam, *, email: str, hours: float, name: str = "") -> Member:
    """A member who left so many hours ago, having seen all that there was then.

    Under the name of somebody who writes in the jam they are that person; else they are somebody new.
    """
    from allauth.account.models import EmailAddress

    from accounts.models import Person
    from jam.domain.phases import database_now
    from jam.models import Member
    from threads.domain.reading import SETTLED
    from threads.models import Post, Visit

    left = database_now() - timedelta(hours=hours)
    member = Member.objects.filter(jam=jam, name=name).select_related("person").first() if name else None
    person = member.person if member else Person.objects.filter(email=email).first()
    person = person or Person.objects.create_user(email, name=email.partition("@")[0])
    person.email = email
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.update_or_create(email=email, defaults={"user": person, "verified": True, "primary": True})
    if member is None:
        member, _ = Member.objects.get_or_create(jam=jam, person=person, defaults={"name": person.name})
    last = Post.objects.filter(jam=jam, created_at__lte=left - SETTLED).order_by("-created_at", "-pk").first()
    seen = {"last_at": left, "caught_up_to": last.pk if last else 0}
    Visit.objects.update_or_create(member=member, defaults=seen)
    return member


def post_the_rest(jam: Jam, later: list[Row]) -> None:
    """Posts what is left as its time comes, each by its author and under its parent, until the jam closes."""
    from jam.domain.errors import OutsideWindow, Refused
    from jam.models import Forum, Member
    from threads.domain import posting
    from threads.models import Post

    forums = {forum.key: forum for forum in Forum.objects.filter(jam=jam)}
    posted: dict[str, int] = {}
    for row in later:
        wait = (_time(row["created_at"]) - datetime.now(UTC)).total_seconds()
        time.sleep(max(0.0, wait))
        author = Member.objects.get(jam=jam, key=row["person_id"])
        subject, body = row["subject"], row["body"]
        try:
            if not row["parent_id"]:
                post = posting.start_thread(member=author, forum=forums[row["forum_id"]], subject=subject, body=body)
            else:
                known = posted.get(row["parent_id"])
                parent = Post.objects.filter(jam=jam)
                parent_post = parent.filter(pk=known) if known else parent.filter(key=row["parent_id"])
                post = posting.reply(
                    member=author, parent=parent_post.select_related("thread__forum").get(), subject=subject, body=body
                )
        except OutsideWindow as refused:
            print(refused.message)
            return
        except (Refused, Post.DoesNotExist) as refused:
            print(f"{row['post_id']} was not posted: {refused}", file=sys.stderr)
            continue
        posted[row["post_id"]] = post.pk


def rows_for(jam: Jam, bundle: Path, *, posts: int, minutes: float) -> list[Row]:
    """The bundle's first posts as rows of `jam`, spread evenly over the next minutes.

    Each writer of the bundle is one who takes part in the jam, each forum one of the jam's, both in turn. They accept
    the jam's rules, if it has some.
    """
    from jam.domain import rules
    from jam.models import Forum, Member, Role

    taking_part = Member.objects.filter(jam=jam, role=Role.PARTICIPANT).order_by("pk")
    for member in taking_part.filter(rules_accepted__lt=jam.rules_version):
        rules.accept(member=member, version=jam.rules_version)
    members = list(taking_part.values_list("key", flat=True))
    forums = list(Forum.objects.filter(jam=jam).values_list("key", flat=True))
    if not members or not forums:
        raise SystemExit(f"/jams/{jam.slug}/ needs a forum, and people who take part.")
    writers: dict[str, str] = {}
    places: dict[str, str] = {}
    rows = sorted(_rows(bundle / "posts.csv"), key=lambda row: _time(row["created_at"]))[:posts]
    now, step = datetime.now(UTC), timedelta(minutes=minutes) / max(1, len(rows))
    for number, row in enumerate(rows):
        row["person_id"] = writers.setdefault(row["person_id"], members[len(writers) % len(members)])
        row["forum_id"] = places.setdefault(row["forum_id"], forums[len(places) % len(forums)])
        row["created_at"] = (now + step * number).isoformat()
    return rows


def arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks.replay", description=__doc__)
    parser.add_argument("bundle", type=Path, help="a folder with a jam bundle")
    parser.add_argument("--slug", help="the jam's name in its address (default: the bundle's own)")
    parser.add_argument("--hours", type=float, default=72, help="how long it is open (default: 72)")
    parser.add_argument("--passed", type=float, default=0.5, help="the share of that before now (default: 0.5)")
    parser.add_argument("--post", action="store_true", help="post the rest as its time comes")
    parser.add_argument("--into", metavar="SLUG", help="post the bundle's first posts into this jam instead")
    parser.add_argument("--posts", type=int, default=300, help="how many, with --into (default: 300)")
    parser.add_argument("--minutes", type=float, default=10, help="within how long, with --into (default: 10)")
    parser.add_argument("--member", metavar="EMAIL", help="somebody who was here last --away hours ago")
    parser.add_argument("--named", default="", help="the name of a writer in the jam who they are")
    parser.add_argument("--away", type=float, default=8, help="hours (default: 8)")
    parser.add_argument("--data", type=Path, help="the data folder of a site that runs (default: DATABASE_URL)")
    return parser.parse_args()


def main(options: Namespace) -> int:
    if options.data:
        from jam.embedded.folder import Folder

        folder = Folder(options.data)
        os.environ |= {"DATABASE_URL": folder.database_url, "REDIS_URL": folder.redis_url}
        os.environ |= {"SECRET_KEY": folder.secret_key(), "DATA_DIR": str(options.data.resolve())}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jam.settings")
    import django

    django.setup()
    if options.into:
        from jam.models import Jam

        jam = Jam.objects.get(slug=options.into)
        post_the_rest(jam, rows_for(jam, options.bundle, posts=options.posts, minutes=options.minutes))
        return 0
    jam, later = load_bundle(options.bundle, slug=options.slug, hours=options.hours, passed=options.passed)
    print(
        f"/jams/{jam.slug}/ closes at {jam.closes_at:%H:%M on %d %b}; {len(later)} posts are still to come.", flush=True
    )
    if options.member:
        member_away(jam, email=options.member, hours=options.away, name=options.named)
        print(f"{options.member} ({PASSWORD}) was there last {options.away:g} hours ago.", flush=True)
    if options.post:
        post_the_rest(jam, later)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(arguments()))
    except KeyboardInterrupt:
        sys.exit(130)
