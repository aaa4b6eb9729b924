"""What the jam floor holds of a person: see `accounts.domain.personal`."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.domain.personal import Leaving, declare, remove_all
from accounts.models import Person
from jam.domain import former
from jam.models import (
    Announcement,
    FeedKey,
    GuestHour,
    Invitation,
    InvitationList,
    InvitationRow,
    JoinRequest,
    Member,
    OpeningPrompt,
    PlannedPoll,
    Poll,
    PollVote,
    SharedLink,
)
from jam.models.duties import Duty
from jam.models.policies import Rules

WITH_THE_JAM = _("As long as the jam.")
IN_THE_JAM = _("Everybody who may read the jam.")
WHO_RUNS_IT = _("You, and those who run the jam.")

declare(
    "members",
    model=Member,
    owner="person",
    title=_("Who you are in a jam"),
    purpose=_("To show beside what you write who wrote it, and to know what you may do there."),
    kept=_("As long as the jam. Your name only until you delete your account."),
    seen_by=IN_THE_JAM,
    on_leaving=Leaving.ANONYMISE,
    fields={
        "jam": "jam__slug",
        "name": "name",
        "affiliation": "affiliation",
        "about": "about",
        "role": "role",
        "outside_the_organisation": "outside",
        "joined": "joined_at",
        "rules_accepted": "rules_accepted",
        "rules_accepted_at": "rules_accepted_at",
        "suspended": "suspended_at",
        "taken_out": "left_at",
    },
    mask=former.mask,
    forget=former.part,
)
declare(
    "feed_keys",
    model=FeedKey,
    title=_("The key in the addresses of your feeds"),
    purpose=_("So that your feed reader may read what you may."),
    kept=_("Until you make another one."),
    seen_by=_("You."),
    on_leaving=Leaving.REMOVE,
    fields={"jam": "member__jam__slug", "made": "made_at"},
)
declare(
    "announcements",
    model=Announcement,
    owner="by__person",
    title=_("What you announced"),
    purpose=_("To be read by everybody in the jam."),
    kept=WITH_THE_JAM,
    seen_by=IN_THE_JAM,
    on_leaving=Leaving.ANONYMISE,
    fields={
        "jam": "jam__slug",
        "forum": "forum__title",
        "words": "words",
        "made": "created_at",
        "taken_back": "taken_back_at",
    },
)
declare(
    "guest_hours",
    model=GuestHour,
    owner="guest__person",
    title=_("Your hours as a guest"),
    purpose=_("So that people know when you take part."),
    kept=WITH_THE_JAM,
    seen_by=IN_THE_JAM,
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "jam__slug", "forum": "forum__title", "words": "words", "from": "starts_at", "to": "ends_at"},
)
declare(
    "polls",
    model=Poll,
    owner="by__person",
    title=_("The polls that you made"),
    purpose=_("To be voted in by everybody in the jam."),
    kept=WITH_THE_JAM,
    seen_by=IN_THE_JAM,
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "jam__slug", "question": "question", "made": "created_at", "closes": "closes_at"},
)
declare(
    "planned_polls",
    model=PlannedPoll,
    owner="by__person",
    title=_("The polls that you planned"),
    purpose=_("To begin by themselves at the time that you set."),
    kept=WITH_THE_JAM,
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "jam__slug", "question": "question", "begins": "starts_at"},
)
declare(
    "opening_prompts",
    model=OpeningPrompt,
    owner="by__person",
    title=_("The opening prompts that you wrote"),
    purpose=_("To be posted in your name when the jam opens."),
    kept=WITH_THE_JAM,
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.ANONYMISE,
    fields={"forum": "forum__title", "subject": "subject", "body": "body", "posted": "posted_at"},
)
declare(
    "poll_votes",
    model=PollVote,
    title=_("Your votes in polls"),
    purpose=_("To count them, each once, and to let you change yours."),
    kept=WITH_THE_JAM,
    seen_by=_("You. Everybody else sees how many there are."),
    on_leaving=Leaving.ANONYMISE,
    leaving_why=_("So that what was counted stays as it is."),
    fields={
        "jam": "choice__poll__jam__slug",
        "question": "choice__poll__question",
        "choice": "choice__words",
        "at": "cast_at",
    },
)
declare(
    "duties",
    model=Duty,
    title=_("The forums that you run"),
    purpose=_("To know what you may do, and to show who runs a forum."),
    kept=_("As long as you run them."),
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.REMOVE,
    fields={"jam": "forum__jam__slug", "forum": "forum__title"},
)
declare(
    "rules",
    model=Rules,
    owner="by__person",
    title=_("Rules of conduct that you wrote"),
    purpose=_("To be accepted by everybody who writes."),
    kept=WITH_THE_JAM,
    seen_by=_("Everybody who may know of the jam."),
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "jam__slug", "version": "version", "text": "text", "at": "at"},
)


def _forget_invitations(person: Person) -> None:
    """Also those that were sent to an address of theirs and never answered: they name it as well."""
    addresses = list(EmailAddress.objects.filter(user=person).values_list("email", flat=True))
    addresses = [address.lower() for address in (*addresses, person.email or "") if address]
    remove_all(Invitation.objects.filter(Q(member__person=person) | Q(email__in=addresses)))
    InvitationRow.objects.filter(address__in=addresses).update(address="")


declare(
    "invitations",
    model=Invitation,
    title=_("Invitations that were sent to you"),
    purpose=_("To let you into the jam, once, and to show who runs it how many answered."),
    kept=_("Till 90 days after the jam closed."),
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.REMOVE,
    forget=_forget_invitations,
    fields={"jam": "jam__slug", "address": "email", "role": "role", "sent": "sent_at", "joined": "joined_at"},
)
declare(
    "invitation_lists",
    model=InvitationList,
    owner="by__person",
    with_it=(InvitationRow,),
    title=_("Lists of addresses that you invited"),
    purpose=_("To show what became of each row, and to send the invitations."),
    kept=_("Till 90 days after the jam closed."),
    seen_by=_("Those who run the jam."),
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "jam__slug", "name": "name", "made": "made_at", "sent": "send_at"},
)
declare(
    "shared_links",
    model=SharedLink,
    owner="by__person",
    title=_("Links to pass on that you made"),
    purpose=_("To let in whoever has the link."),
    kept=WITH_THE_JAM,
    seen_by=_("Those who run the jam."),
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "jam__slug", "for": "words", "made": "made_at", "joined": "joined_count"},
)
declare(
    "join_requests",
    model=JoinRequest,
    owner="person",
    also=("by",),
    title=_("Your requests to take part"),
    purpose=_("To let those who run the jam decide."),
    kept=WITH_THE_JAM,
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.REMOVE,
    fields={
        "jam": "jam__slug",
        "words": "words",
        "asked": "asked_at",
        "decision": "decision",
        "answer": "answer",
        "decided": "decided_at",
    },
)
