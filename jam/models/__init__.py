"""What the jam floor stores, a module a subject."""

from jam.models.jams import (
    ABOUT_MAX,
    Activity,
    Door,
    FeedKey,
    Forum,
    Jam,
    Member,
    Role,
    Voting,
    new_key,
)
from jam.models.occasions import (
    CHOICE_MAX,
    POLL_QUESTION_MAX,
    WORDS_MAX,
    Announcement,
    GuestHour,
    Poll,
    PollChoice,
    PollVote,
)

__all__ = [
    "ABOUT_MAX",
    "CHOICE_MAX",
    "POLL_QUESTION_MAX",
    "WORDS_MAX",
    "Activity",
    "Announcement",
    "Door",
    "FeedKey",
    "Forum",
    "GuestHour",
    "Jam",
    "Member",
    "Poll",
    "PollChoice",
    "PollVote",
    "Role",
    "Voting",
    "new_key",
]
