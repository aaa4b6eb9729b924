"""What the door of a jam wants of somebody, and whether it opens to them.

An invitation opens every door (`jam.domain.invitations`), and so does the word of who runs the jam (`requests`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.utils.translation import gettext

from accounts.models import Person
from jam.domain import policies
from jam.domain.errors import NotAllowed
from jam.models import Door, Policy


@dataclass(frozen=True)
class Knock:
    """Who stands at the door: `providers` are the single sign-ons by which their session was signed in."""

    person: Person | None
    providers: Sequence[str] = ()


@dataclass(frozen=True)
class Answer:
    """Whether the door opens, and what it wants, in a sentence for the visitor.

    `step` is what they can do about it: "join" (a button does), "sign-in", "ask", "address" (prove one), "sso", or
    "" (nothing but wait for an invitation).
    """

    step: str
    words: str

    @property
    def opens(self) -> bool:
        return self.step == "join"


def answer(policy: Policy, knock: Knock) -> Answer:
    """What the door of the policy's jam says to who knocks. At most one query."""
    if knock.person is not None and knock.person.is_staff:
        return Answer("join", gettext("You administer this site, so you can join as an admin of the jam."))
    return ANSWERS[Door(policy.jam.door)](policy, knock)


def require_open(policy: Policy, knock: Knock) -> None:
    """Raises NotAllowed with the code "door", and what the door wants, unless it opens."""
    said = answer(policy, knock)
    if not said.opens:
        raise NotAllowed(said.words, code="door")


def has_address_in(person: Person, domains: Iterable[str]) -> bool:
    """Whether one of the person's verified addresses is in one of these mail domains, or below one. One query."""
    verified = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    theirs = [email.rpartition("@")[2].lower() for email in verified]
    return any(one == home or one.endswith(f".{home}") for one in theirs for home in domains)


def _account(policy: Policy, knock: Knock) -> Answer:
    if knock.person is None:
        return Answer("sign-in", gettext("Anyone with an account here can take part. Sign in, or sign up now."))
    return Answer("join", gettext("Anyone with an account here can take part."))


def _domains(policy: Policy, knock: Knock) -> Answer:
    domains = policies.domains_of(policy)
    names = {"domains": ", ".join(domains)}
    if not domains:
        return Answer("", gettext("Who runs this jam has still to say whose addresses are let in."))
    if knock.person is None:
        words = gettext("Whoever has an e-mail address at %(domains)s can take part. Sign in or sign up with it.")
        return Answer("sign-in", words % names)
    if has_address_in(knock.person, domains):
        return Answer("join", gettext("Your e-mail address lets you in."))
    words = gettext(
        "Only people with an e-mail address at %(domains)s can take part, and your account has none that is confirmed. "
        "Add it to your account, then come back."
    )
    return Answer("address", words % names)


def _invitation(policy: Policy, knock: Knock) -> Answer:
    return Answer("", gettext("Only people who were invited can take part in this jam."))


def _request(policy: Policy, knock: Knock) -> Answer:
    # That they were let in is told by the page to ask, where they then join: `jam.domain.requests`.
    if knock.person is None:
        return Answer("sign-in", gettext("You can ask to take part: sign in or sign up, and write a few words."))
    return Answer("ask", gettext("You can ask to take part. Those who run the jam decide."))


def _sso(policy: Policy, knock: Knock) -> Answer:
    if not policy.sso_providers:
        return Answer("", gettext("Who runs this jam has still to say which single sign-on lets people in."))
    if not set(knock.providers).isdisjoint(policy.sso_providers):
        return Answer("join", gettext("You signed in with the organisation’s single sign-on, which lets you in."))
    if knock.person is None:
        return Answer("sso", gettext("Sign in with your organisation’s single sign-on to take part."))
    return Answer(
        "sso",
        gettext(
            "Only who signs in with the organisation’s single sign-on can take part, and you signed in another way. "
            "Sign in again, with the single sign-on."
        ),
    )


ANSWERS = {
    Door.ACCOUNT: _account,
    Door.DOMAINS: _domains,
    Door.INVITATION: _invitation,
    Door.REQUEST: _request,
    Door.SSO: _sso,
}
