"""A small jam as a browser test finds it, with something of everything that a page can show."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from jam.models import Member
from tests.cast import Cast
from threads.domain import favourites, voting
from threads.models import Post


@dataclass
class Scene:
    """Ana's idea with a reply of Ben's and one of hers under it; an idea of Ben's that waits, and one of Fay's."""

    cast: Cast
    idea: Post
    reply: Post
    under: Post
    waiting: Post
    other: Post

    def pages(self) -> dict[str, str]:
        home = f"/jams/{self.cast.jam.slug}/"
        forum = f"{home}forums/{self.cast.harbour.pk}/"
        return {
            "home": home,
            "forum": forum,
            "forum, new": f"{forum}?sort=new",
            "forum, waiting": f"{forum}?sort=needs_reply",
            "thread": f"{home}threads/{self.idea.thread_id}/",
        }

    def tabs(self, *, about_posts: bool, every_order: bool) -> list[tuple[str, Member, list[str]]]:
        """Who has which of the pages open: those that what happens shows on, or that differ for who reads them."""
        cast = self.cast
        if not about_posts:
            return [("participant", cast.ben, ["home", "forum", "thread"]), ("facilitator", cast.fay, ["home"])]
        return [
            ("author", cast.ana, list(self.pages()) if every_order else ["home", "forum", "thread"]),
            ("participant", cast.ben, ["forum", "thread"]),
            ("facilitator", cast.fay, ["home", "thread"]),
        ]

    def readers(self) -> dict[str, Member]:
        return {"author": self.cast.ana, "participant": self.cast.ben, "facilitator": self.cast.fay}


@pytest.fixture
def scene(cast: Cast) -> Scene:
    idea = cast.idea(by=cast.ana, subject="A lamp on the pier")
    reply = cast.reply(idea, by=cast.ben)
    under = cast.reply(reply, by=cast.ana, body="The mole is **long**.")
    voting.cast(member=cast.fay, post=idea, value=1)
    voting.cast(member=cast.ben, post=idea, value=-1)
    favourites.keep(member=cast.ben, post=under)
    waiting = cast.idea(by=cast.ben, subject="A bench")
    return Scene(cast, idea, reply, under, waiting, cast.idea(by=cast.fay, subject="A ferry"))
