"""How many are in a room in other processes."""

from __future__ import annotations

from live.presence import EXPIRY, Presence


def test_what_the_others_said_adds_up() -> None:
    presence = Presence()
    presence.hear("a", {"7": {"pulse": 3, "thread:1": 2}}, now=0)
    presence.hear("b", {"7": {"pulse": 4}, "8": {"pulse": 9}}, now=1)
    assert presence.elsewhere(7, "pulse") == 7
    assert presence.elsewhere(7, "thread:1") == 2
    assert presence.elsewhere(7, "thread:2") == 0
    presence.hear("a", {"7": {"pulse": 1}}, now=2)
    assert presence.elsewhere(7, "pulse") == 5
    assert presence.elsewhere(7, "thread:1") == 0


def test_a_process_that_falls_silent_or_says_goodbye_no_longer_counts() -> None:
    presence = Presence()
    presence.hear("a", {"7": {"pulse": 3}}, now=0)
    presence.hear("b", {"7": {"pulse": 4}}, now=1)
    presence.expire(EXPIRY + 0.5)
    assert presence.elsewhere(7, "pulse") == 4
    presence.hear("b", {}, now=2)
    assert presence.elsewhere(7, "pulse") == 0
