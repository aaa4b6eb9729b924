"""Time zones as people choose them."""

from __future__ import annotations

import zoneinfo
from functools import cache

REGIONS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip

Choices = list[tuple[str, str | list[tuple[str, str]]]]


@cache
def known_zones() -> frozenset[str]:
    """Every zone that this machine knows. Kept, since asking reads a tree of files."""
    return frozenset(zoneinfo.available_timezones())


@cache
def _by_region() -> Choices:
    choices: Choices = [("UTC", "UTC")]
    for region in REGIONS:
        names = sorted(name for name in known_zones() if name.startswith(f"{region}/"))
        choices.append((region, [(name, name.removeprefix(f"{region}/").replace("_", " ")) for name in names]))
    return choices


def zone_choices(chosen: str = "", empty: str = "") -> Choices:
    """The zones by region, for a select. `chosen` is among them even if it is one that nobody is offered."""
    choices = list(_by_region())
    offered = {"UTC", *(name for _, group in choices if isinstance(group, list) for name, _ in group)}
    if chosen and chosen not in offered:
        choices.insert(0, (chosen, chosen))
    return [("", empty), *choices] if empty else choices
