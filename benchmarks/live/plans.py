"""What the benchmark asks of its client, and what the client answers. Both travel as JSON, a line each."""

from __future__ import annotations

from dataclasses import dataclass, field

BUCKETS_A_SECOND = 10_000


@dataclass(frozen=True)
class TabPlan:
    """One tab: which rooms its page asks for, and whose session it has."""

    rooms: list[str]
    cookie: str


@dataclass(frozen=True)
class OpenPlan:
    """The tabs to open, `at_once` of them coming in at any moment. `constant`: what comes is no JSON, see `floor`."""

    address: str
    slug: str
    since: int
    tabs: list[TabPlan]
    at_once: int = 64
    constant: bool = False


@dataclass(frozen=True)
class Opened:
    held: int
    seconds: float
    failures: dict[str, int]


@dataclass(frozen=True)
class Write:
    """One request, to be sent `at` seconds after the beginning."""

    at: float
    method: str
    path: str
    token: str
    body: dict[str, object]


@dataclass(frozen=True)
class WritePlan:
    address: str
    writes: list[Write]


@dataclass(frozen=True)
class Written:
    """How the requests fared. `behind` is how late the latest was sent; latencies are in seconds."""

    posts: list[int]
    votes: int
    errors: dict[str, int]
    behind: float
    post_seconds: list[float]
    vote_seconds: list[float]


@dataclass(frozen=True)
class Truth:
    """What the tabs must know in the end: all up to `seq`, and the votes on each post, by the room that shows it."""

    seq: int
    counts: dict[str, dict[str, dict[str, int]]]


@dataclass(frozen=True)
class Rounds:
    """When a floor began to write each round, by the monotonic clock."""

    began: list[float]


@dataclass(frozen=True)
class Heard:
    """Frames and their bytes so far, over all tabs."""

    frames: int
    bytes: int


@dataclass
class Outcome:
    """What the tabs have to show. `delays` counts (post, tab) pairs by tenths of a millisecond."""

    tabs: int = 0
    posts: int = 0
    delivered: int = 0
    missing: int = 0
    duplicates: int = 0
    gaps: int = 0
    mistaken: int = 0
    lost: dict[str, int] = field(default_factory=dict)
    votes_right: int = 0
    delays: dict[int, int] = field(default_factory=dict)

    def delay(self, share: float) -> float:
        """In seconds: at most so late was this share of the deliveries. 0 without any."""
        left = share * self.delivered
        for bucket in sorted(self.delays):
            left -= self.delays[bucket]
            if left <= 0:
                return (bucket + 1) / BUCKETS_A_SECOND
        return (max(self.delays, default=-1) + 1) / BUCKETS_A_SECOND

    @property
    def share(self) -> float:
        return self.delivered / (self.posts * self.tabs) if self.posts and self.tabs else 0.0
