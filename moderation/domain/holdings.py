"""What the moderation floor holds of a person: see `accounts.domain.personal`."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.domain.personal import Leaving, Row, declare, remove_all
from accounts.models import Person
from jam.domain.holdings import WHO_RUNS_IT, WITH_THE_JAM
from moderation.models import (
    Action,
    Case,
    Fingerprint,
    Flag,
    Handling,
    HeldPost,
    Journal,
    Message,
    Shift,
    Slowdown,
    Talk,
)


def _talks(person: Person) -> Iterator[Row]:
    """With what was said in each. Which of those who run the jam said it is theirs."""
    for talk in Talk.objects.filter(member__person=person).select_related("jam").prefetch_related("messages"):
        yield {
            "jam": talk.jam.slug,
            "post": talk.post_id,
            "began": talk.began_at,
            "messages": [
                {"from_staff": message.from_staff, "words": message.words, "at": message.at}
                for message in talk.messages.all()
            ],
        }


def _as_site_admin(person: Person) -> Iterator[Row]:
    """The log has the name alone: who is no member has nothing else in a jam."""
    if person.is_staff:
        done = Action.objects.filter(by=None, after__by_site_admin=person.name).order_by("pk")
        for jam, kind, at in done.values_list("jam__slug", "kind", "at"):
            yield {"jam": jam, "kind": kind, "at": at}


declare(
    "actions_of_yours",
    model=Action,
    owner="by__person",
    also=("subject",),
    title=_("What you did as somebody who runs a jam"),
    purpose=_("So that it can be said what was done, by whom and why."),
    kept=_("As long as the jam. Nobody can change it."),
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.ANONYMISE,
    leaving_why=_("The log stays whole. It names nobody who deleted their account."),
    fields={"jam": "jam__slug", "kind": "kind", "post": "post", "thread": "thread", "reason": "reason", "at": "at"},
)
declare(
    "actions_about_you",
    model=Action,
    owner="subject__person",
    also=("by",),
    title=_("What was done about you or your posts"),
    purpose=_("So that it can be said what was done and why."),
    kept=_("As long as the jam. Nobody can change it."),
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.ANONYMISE,
    leaving_why=_("The log stays whole. It names nobody who deleted their account."),
    # Not who did it: that is theirs.
    fields={"jam": "jam__slug", "kind": "kind", "post": "post", "reason": "reason", "at": "at"},
)
declare(
    "actions_of_site_admins",
    model=Action,
    owner="",
    also=("by", "subject"),
    title=_("What you changed as an admin of the site, in jams that you were not in"),
    purpose=_("So that it can be said who gave whom a role, or took somebody out."),
    kept=_("As long as the jam. Nobody can change it."),
    seen_by=_("Those who run the jam."),
    on_leaving=Leaving.KEEP,
    leaving_why=_("It stays with your name, in a log that nobody can change. It is said of admins of the site alone."),
    read=_as_site_admin,
)
declare(
    "handlings",
    model=Handling,
    title=_("What you are taking care of"),
    purpose=_("So that no two who run a jam take up the same."),
    kept=_("Until you are done, or did nothing for ten minutes."),
    seen_by=_("Those who run the jam."),
    on_leaving=Leaving.REMOVE,
)


def _forget_shifts(person: Person) -> None:
    """Those to come. What is over stays with its journal."""
    remove_all(Shift.objects.filter(member__person=person, starts_at__gt=timezone.now()))


declare(
    "shifts",
    model=Shift,
    title=_("Your shifts"),
    purpose=_("So that somebody is there at every hour, and everybody who runs the jam knows who."),
    kept=_("As long as the jam. Those to come only until you delete your account."),
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "jam__slug", "from": "starts_at", "to": "ends_at", "reminder_minutes": "remind_before"},
    forget=_forget_shifts,
)
declare(
    "journals",
    model=Journal,
    owner="edited_by__person",
    also=("handed_by", "confirmed_by"),
    title=_("What you wrote in the journals of shifts"),
    purpose=_("To hand a shift over to whoever comes next."),
    kept=_("As long as the jam."),
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.ANONYMISE,
    fields={
        "jam": "shift__jam__slug",
        "from": "shift__starts_at",
        "words": "words",
        "edited": "edited_at",
        "handed_over": "handed_at",
        "confirmed": "confirmed_at",
    },
)
declare(
    "held_posts",
    model=HeldPost,
    owner="author__person",
    title=_("What you sent and waits for a look"),
    purpose=_("So that somebody who runs the jam can let it in."),
    kept=WITH_THE_JAM,
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.REMOVE,
    fields={
        "jam": "jam__slug",
        "subject": "subject",
        "body": "body",
        "tags": "tags",
        "why": "reason",
        "sent": "at",
        "state": "state",
    },
)
declare(
    "talks",
    model=Talk,
    title=_("Your conversations with those who run a jam"),
    purpose=_("To answer you, and to tell you what was done with your posts."),
    kept=WITH_THE_JAM,
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.REMOVE,
    read=_talks,
)
declare(
    "messages",
    model=Message,
    owner="by__person",
    title=_("Your messages as somebody who runs a jam"),
    purpose=_("To answer people, and to tell them what was done with their posts."),
    kept=WITH_THE_JAM,
    seen_by=_("The person who was written to, and those who run the jam."),
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "talk__jam__slug", "words": "words", "at": "at"},
)
declare(
    "cases",
    model=Case,
    owner="settled_by__person",
    title=_("What you settled"),
    purpose=_("To know who looked at what was flagged, held or asked."),
    kept=WITH_THE_JAM,
    seen_by=_("Those who run the jam."),
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "jam__slug", "kind": "kind", "post": "post", "settled": "settled_at"},
)
declare(
    "flags",
    model=Flag,
    title=_("Flags that you put up"),
    purpose=_("To have somebody look at a post."),
    kept=WITH_THE_JAM,
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "post__jam__slug", "post": "post", "kind": "kind", "words": "words", "state": "state", "at": "at"},
)
declare(
    "fingerprints",
    model=Fingerprint,
    title=_("Marks of what you wrote last"),
    purpose=_("To know the same text again if it is posted twice. They do not say what it was."),
    kept=_("A day."),
    seen_by=_("Nobody."),
    on_leaving=Leaving.REMOVE,
)
declare(
    "slowdowns",
    model=Slowdown,
    also=("by",),
    title=_("That you may write only so often"),
    purpose=_("To slow somebody down who writes too much."),
    kept=_("Till it ends, or is taken back."),
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.REMOVE,
    fields={"jam": "jam__slug", "minutes": "minutes", "since": "at"},
)
