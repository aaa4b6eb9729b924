"""After the close everything can be read and found, and no page has a form that posts content."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from jam.domain import announcements, guest_hours, polls
from jam.models import Member
from tests.cast import Cast, set_window
from threads.domain import collections, drafts, favourites

HARMLESS = re.compile(
    r"/(logout|theme|language|dismiss|favourite|follows|seen|join|collections?|collect|edit/profile|shown|unfollow|share|"
    r"delete|discard|me/edit|catch-up|notifications|read-all|digests?)\b"
)
"""What goes on after the close: what is one's own, and how the page looks. None of it adds to what the jam says."""

FORM = re.compile(r'<form[^>]*method="post"[^>]*>', re.I)
PRESSED = re.compile(r'formaction="([^"]+)"')
ACTION = re.compile(r'action="([^"]+)"')
CARRIER = re.compile(r'id="(act|dismiss)"')
"""Forms without a field, which send what buttons elsewhere on the page say with `formaction`."""
TEMPLATES = re.compile(r"<template.*?</template>", re.S)


def addresses(cast: Cast, numbers: dict[str, object]) -> list[str]:
    """Every address under /jams/tides/ that the numbers of the cast fill in."""
    found = []

    def walk(patterns: list[URLPattern | URLResolver], above: str) -> None:
        for one in patterns:
            route = above + str(one.pattern)
            if isinstance(one, URLResolver):
                walk(one.url_patterns, route)
                continue
            names = re.findall(r"<(?:\w+:)?(\w+)>", route)
            if route.startswith("jams/<slug:slug>/") and all(name in numbers for name in names):
                found.append("/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(numbers[match[1]]), route))

    walk(get_resolver().url_patterns, "")
    return found


def forms_in(page: str) -> set[str]:
    shown = TEMPLATES.sub("", page)
    forms = [form for form in FORM.findall(shown) if not CARRIER.search(form)]
    actions = {match[1] for form in forms if (match := ACTION.search(form))}
    return {address for address in actions | set(PRESSED.findall(shown)) if not HARMLESS.search(address)}


@pytest.mark.parametrize("role", ["participant", "observer", "facilitator"])
def test_no_page_of_a_closed_jam_has_a_form_that_posts(cast: Cast, role: str) -> None:
    who: Member = {"participant": cast.ana, "observer": cast.omar, "facilitator": cast.fay}[role]
    idea = cast.idea(by=cast.ana)
    reply = cast.reply(idea, by=cast.ben)
    favourites.keep(member=who, post=idea)
    drafts.save(member=who, place=drafts.reply_place(idea), subject="", body="Half", tags="", late=True)
    poll = polls.make(member=cast.fay, plan=polls.PollPlan(question="Which?", choices=["a", "b"]))
    polls.vote(member=cast.ana, poll=poll, choices=[poll.choices.all()[0].pk])
    made = announcements.make(member=cast.fay, words="Lunch is at one")
    starts_at = cast.jam.opens_at
    assert starts_at is not None
    plan = guest_hours.HourPlan(cast.ben, starts_at, starts_at + timedelta(hours=2), "Lamps")
    hour = guest_hours.put(member=cast.fay, plan=plan)
    collection = collections.make(member=who, title="Lamps", note="")
    set_window(cast.jam, opens_in=-timedelta(hours=3), closes_in=-timedelta(seconds=1))
    client = Client()
    client.force_login(who.person)
    numbers = {
        "slug": cast.jam.slug,
        "forum_id": cast.harbour.pk,
        "thread_id": idea.thread_id,
        "post_id": reply.pk,
        "member_id": cast.ana.pk,
        "collection_id": collection.pk,
        "poll_id": poll.pk,
        "announcement_id": made.pk,
        "hour_id": hour.pk,
    }
    seen, wrong = 0, {}
    for address in addresses(cast, numbers):
        answer = client.get(address)
        assert answer.status_code < 500, address
        if answer.status_code != 200 or "text/html" not in answer.get("Content-Type", ""):
            continue
        seen += 1
        if found := forms_in(answer.content.decode()):
            wrong[address] = found
    assert seen > 15
    if role != "facilitator":  # who runs the jam may still announce, hide and say what became of an idea
        assert {one for found in wrong.values() for one in found} == set(), wrong
    for words in ("Lunch is at one", "Which?"):
        assert any(
            words in client.get(f"/jams/tides/{page}/").content.decode() for page in ("announcements", "polls")
        ), words
