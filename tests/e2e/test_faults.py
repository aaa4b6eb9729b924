"""The promise of the live line while parts of the site die, by the code of the benchmark and in small."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.live.faults_pages import NotAPage, Page
from benchmarks.live.following import Browser, Tab

AWAY = ["--redis-away=1.5", "--postgres-away=0.5", "--between=2.5"]
ROOT = Path(__file__).parent.parent.parent
SMALL = ["--tabs=30", "--forums=2", "--threads=6", "--posts=10", "--votes=5", *AWAY]
HTML = """
<body data-seq="7" data-rooms="thread:4">
<div class="thread" data-thread="4" data-page="1" data-pages="1">
<article class="post post-idea" data-post-id="10" data-path="00000001"><span data-count="agree">1</span></article>
<span data-reply-count="1">1 reply</span>
<article class="post" data-post-id="11" data-path="0000000100000001"><span data-count="agree">0</span></article>
"""


def created(seq: int, post: int, path: str, replies: int) -> dict[str, object]:
    fragment = f'<article class="post" data-post-id="{post}" data-path="{path}"><span data-count="agree">0</span>'
    return {
        "seq": seq, "kind": "post.created", "post": post, "thread": 4, "forum": 1, "replies": replies,
        "forum_threads": 1, "forum_posts": replies + 1, "html": fragment,
    }  # fmt: skip


def frame(after: int, *events: dict[str, object], **more: object) -> dict[str, object]:
    return {"after": after, "seq": after + len(events), "events": list(events), **more}


@pytest.fixture
async def tab() -> Tab:
    """On a thread of an idea and a reply, as of the seventh event."""
    tab = Tab(Browser(address="127.0.0.1:1", slug="tides"), path="/threads/4/", cookie="")
    tab.page, tab.seq = Page(tab.path, HTML), 7
    return tab


@pytest.mark.e2e
def test_every_post_is_in_every_tab_exactly_once_whatever_dies() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.live.faults", *SMALL], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "All of it is in every tab exactly once" in done.stdout


# --- that the run would notice ------------------------------------------------------------------------------------


def test_a_page_is_held_against_a_fresh_one() -> None:
    more = '<article class="post" data-post-id="12" data-path="0000000100000002"><span data-count="agree">0</span>'
    fresh = Page("/", HTML.replace('agree">0', 'agree">2') + more)
    assert Page("/", HTML).differs(Page("/", HTML)) == []
    assert Page("/", HTML).differs(fresh) == [
        "the votes on 11 are {'agree': 0}, not {'agree': 2}",
        "the votes on 12 are None, not {'agree': 0}",
        "the tree has other posts, or in another order",
        "post 12 is missing",
    ]
    with pytest.raises(NotAPage):
        Page("/", "<body><h1>Something broke here</h1></body>")


async def test_what_is_heard_changes_the_page_as_a_fresh_one_would_show_it(tab: Tab) -> None:
    tab.hear(frame(7, created(8, 12, "0000000100000002", 2), counts={"11": {"agree": 3}}))
    assert (tab.seq, tab.page.posts, tab.page.numbers["thread", 4, "replies"]) == (8, Counter([10, 11, 12]), 2)
    assert (tab.page.votes[11], tab.page.votes[12]) == ({"agree": 3}, {"agree": 0})


async def test_what_comes_twice_is_noticed(tab: Tab) -> None:
    assert tab.hear(frame(7, created(8, 12, "0000000100000002", 2)))
    assert tab.hear(frame(7, created(8, 12, "0000000100000002", 2)))
    assert (tab.repeated, tab.page.posts[12]) == (1, 1)
    assert tab.hear(frame(8, created(9, 12, "0000000100000002", 2)))
    assert "post 12 is there 2 times" in tab.page.differs(Page("/", HTML))


async def test_a_gap_and_a_reset_end_the_line(tab: Tab) -> None:
    assert not tab.hear(frame(8, created(9, 12, "0000000100000002", 2)))
    assert not tab.hear({"reset": True, "seq": 20})
    assert (tab.seq, tab.gaps, tab.resets) == (7, 1, 1)
