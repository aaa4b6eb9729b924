"""What the accounts floor holds of a person, with what Django and allauth keep for it: see `personal`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.domain import taking_out
from accounts.domain.personal import AT_ONCE, Leaving, Row, declare
from accounts.models import ApiToken, DataFile, Departure, Person

WITH_THE_ACCOUNT = _("As long as your account.")
YOU = _("You, and the admins of the site.")


def sessions_of(person: Person) -> Iterator[Session]:
    """Those in which `person` is signed in. A session names nobody outside of what is sealed in it, so all that are not
    over are looked at: in a task only."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator(chunk_size=AT_ONCE):
        if session.get_decoded().get(SESSION_KEY) == str(person.pk):
            yield session


def end_sessions(person: Person) -> None:
    """Signs `person` out everywhere, from what the cache keeps too."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for session in sessions_of(person):
        store(session.session_key).delete()


def _sessions(person: Person) -> Iterator[Row]:
    return ({"ends": session.expire_date} for session in sessions_of(person))


def _session_days() -> str:
    days = settings.SESSION_COOKIE_AGE // 86_400
    return ngettext(
        "Until you sign out; %(count)s day after you signed in at the latest.",
        "Until you sign out; %(count)s days after you signed in at the latest.",
        days,
    ) % {"count": days}


def _file_days() -> str:
    days = settings.DATA_FILE_DAYS
    return ngettext("For %(count)s day.", "For %(count)s days.", days) % {"count": days}


declare(
    "account",
    model=Person,
    owner="pk",
    with_it=(Person.groups.through, Person.user_permissions.through),
    title=_("Your account"),
    purpose=_("To know you again, and to show the site in your language and your time zone."),
    kept=_("Until you delete your account."),
    seen_by=YOU,
    on_leaving=Leaving.REMOVE,
    fields={
        "name": "name",
        "email": "email",
        "affiliation": "affiliation",
        "time_zone": "time_zone",
        "language": "language",
        "joined": "date_joined",
        "last_sign_in": "last_login",
        "is_admin_of_the_site": "is_staff",
    },
    # The row itself goes last, when nothing is left that points to it: see `leaving`.
    forget=lambda person: None,
)
declare(
    "addresses",
    model=EmailAddress,
    owner="user",
    with_it=(EmailConfirmation,),
    title=_("Your e-mail addresses"),
    purpose=_("To sign in, to send you what you asked for, and to tell whether you belong to the organisation."),
    kept=WITH_THE_ACCOUNT,
    seen_by=_("You, the admins of the site, and those of your jams in the files that they export."),
    on_leaving=Leaving.REMOVE,
    fields={"email": "email", "verified": "verified", "primary": "primary"},
)
declare(
    "sessions",
    model=Session,
    owner="",
    title=_("Where you are signed in"),
    purpose=_("So that you need not sign in again on each page."),
    kept=_session_days,
    seen_by=_("Nobody."),
    on_leaving=Leaving.REMOVE,
    read=_sessions,
    forget=end_sessions,
)
declare(
    "tokens",
    model=ApiToken,
    owner="person",
    title=_("Tokens for programs"),
    purpose=_("So that a program of yours can use the site for you. What is kept of a token does not open anything."),
    kept=WITH_THE_ACCOUNT,
    seen_by=_("Nobody."),
    on_leaving=Leaving.REMOVE,
    fields={"name": "name", "made": "created_at", "last_used": "last_used_at"},
)
declare(
    "devices_signed_in",
    model=UserSession,
    owner="user",
    title=_("What you are signed in with"),
    purpose=_("So that you can see where you are signed in, and sign out there."),
    kept=_("Until you sign out there."),
    seen_by=_("You."),
    on_leaving=Leaving.REMOVE,
    fields={"since": "created_at", "address": "ip", "browser": "user_agent"},
)
declare(
    "second_factors",
    model=Authenticator,
    owner="user",
    title=_("Passkeys, the app for codes, recovery codes"),
    purpose=_("To let in only you. Of a passkey is kept what can check it and cannot be used to sign in."),
    kept=_("Until you take them away."),
    seen_by=_("You."),
    on_leaving=Leaving.REMOVE,
    fields={"kind": "type", "added": "created_at", "last_used": "last_used_at"},
)
declare(
    "accounts_elsewhere",
    model=SocialAccount,
    owner="user",
    with_it=(SocialToken,),
    title=_("Accounts elsewhere that let you in"),
    purpose=_("To know you again when your organisation, or another provider, says who you are."),
    kept=_("Until you take them away."),
    seen_by=_("You."),
    on_leaving=Leaving.REMOVE,
    fields={"provider": "provider", "number_there": "uid", "what_it_told_us": "extra_data", "connected": "date_joined"},
)
declare(
    "data_files",
    model=DataFile,
    owner="person",
    title=_("The file with your data"),
    purpose=_("So that you can take your data home."),
    kept=_file_days,
    seen_by=_("You."),
    on_leaving=Leaving.REMOVE,
    forget=taking_out.remove_of,
)
declare(
    "departures",
    model=Departure,
    owner="person",
    title=_("That you asked to have your account deleted"),
    purpose=_("To delete it when the days to think are over."),
    kept=_("Until your account is deleted, or you keep it."),
    seen_by=_("You."),
    on_leaving=Leaving.REMOVE,
    fields={"asked": "asked_at", "due": "due_at"},
    # It goes with the person: until then it says how far the deletion has come.
    forget=lambda person: None,
)
