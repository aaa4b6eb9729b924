"""`python -m benchmarks.invitations`: invitations to so many addresses, through the worker of a real site that is
killed with SIGKILL again and again, into the mailbox of files. Then the mails are counted: each exactly once.

It takes the list in through the verb that the page calls, so the report of every row is made too. The worker and its
clock are those that `manage.py up` starts; PostgreSQL and Redis are thrown away after it. Exits with 1 if a mail is
missing, twice, or names another address or link than its invitation.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.machine import Machine
from benchmarks.site import throw_away_servers

if TYPE_CHECKING:
    from jam.embedded.folder import Folder
    from jam.models import InvitationList, Member

SETTINGS = "jam.settings"


def arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks.invitations", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="how many addresses (default: 100000)")
    parser.add_argument("--kills", type=int, default=4, help="how often the worker is killed (default: 4)")
    return parser.parse_args()


def main(options: Namespace) -> int:
    print(Machine.this(), flush=True)
    with throw_away_servers(SETTINGS) as folder:
        started = time.monotonic()
        made = take_in(options.count)
        print(f"{made.row_count:,} rows read and reported in {time.monotonic() - started:.1f} s", flush=True)
        started = time.monotonic()
        send(folder, made, kills=options.kills, count=options.count)
        print(f"sent in {time.monotonic() - started:.1f} s, with {options.kills} kills", flush=True)
        return judge(folder)


def take_in(count: int) -> InvitationList:
    from jam.domain import inviting
    from jam.domain.inviting import ListPlan
    from jam.models import InvitationList

    by = admin()
    content = "email,name\n" + "".join(f"person{number}@example.org,Person {number}\n" for number in range(count))
    made = inviting.make_list(jam=by.jam, by=by, plan=ListPlan(content=content.encode(), name="people.csv"))
    inviting.read(made.pk)
    return InvitationList.objects.select_related("by").get(pk=made.pk)


def admin() -> Member:
    from django.utils import timezone

    from accounts.models import Person
    from jam.models import Jam, Member, Role

    now = timezone.now()
    jam = Jam.objects.create(
        slug="tides",
        title="Tides",
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=2),
        published_at=now - timedelta(hours=2),
    )
    person = Person.objects.create_user("fay@example.org", name="Fay")
    return Member.objects.create(jam=jam, person=person, name="Fay", role=Role.ADMIN)


def send(folder: Folder, made: InvitationList, *, kills: int, count: int) -> None:
    """Presses “Send”, and kills the worker each time that another share of the mails lies there."""
    from jam.domain import inviting
    from jam.embedded.servers import Servers
    from jam.models import Invitation
    from jam.serving.supervisor import Supervisor

    assert made.by is not None
    supervisor = Supervisor(folder, Servers(folder, set()))
    environ = dict(os.environ)
    inviting.send(invitations=made, by=made.by)
    supervisor.start_beat(environ)
    try:
        for kill in range(kills + 1):
            supervisor.start_worker(environ)
            worker = supervisor.parts[-1]
            if kill < kills:
                wait_for(folder, count * (kill + 1) // (kills + 1))
                os.killpg(worker.process.pid, signal.SIGKILL)
                worker.process.wait()
                supervisor.parts.remove(worker)
                claimed = Invitation.objects.filter(claimed_at__isnull=False, mail_due_at__isnull=False).count()
                print(f"killed at {mails(folder):,} mails, with {claimed} in hand", flush=True)
        while Invitation.objects.filter(mail_due_at__isnull=False).exists():
            time.sleep(0.5)
    finally:
        supervisor.stop()


def mails(folder: Folder) -> int:
    return sum(1 for entry in os.scandir(folder.root / "mail") if entry.name.endswith(".eml"))


def wait_for(folder: Folder, wanted: int) -> None:
    (folder.root / "mail").mkdir(exist_ok=True)
    while mails(folder) < wanted:
        time.sleep(0.2)


def judge(folder: Folder) -> int:
    from jam.domain.invitation_links import url_of
    from jam.models import Invitation

    found: Counter[str] = Counter()
    wrong = 0
    links = {one.email: url_of(one) for one in Invitation.objects.iterator(chunk_size=5_000)}
    for path in Path(folder.root / "mail").glob("*.eml"):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        address = str(mail["To"])
        found[address] += 1
        wrong += links.get(address, "?") not in mail.get_content()
    twice = sum(1 for number in found.values() if number > 1)
    missing = len(links.keys() - found.keys())
    unmarked = Invitation.objects.filter(sent_at=None).count()
    print(f"{found.total():,} mails; {missing} missing, {twice} twice, {wrong} wrong, {unmarked} not marked as sent")
    return 1 if missing or twice or wrong or unmarked or found.total() != len(links) else 0


if __name__ == "__main__":
    try:
        sys.exit(main(arguments()))
    except KeyboardInterrupt:
        sys.exit(130)
