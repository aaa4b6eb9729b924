"""What the jam floor stores, a module a subject."""

from jam.models.duties import Duty
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
from jam.models.policies import RULES_MAX, Naming, OnDeletion, Policy, Rules
from jam.models.setup import (
    PICTURE_ALT_MAX,
    PROMPT_BODY_MAX,
    PROMPT_SUBJECT_MAX,
    LookPicture,
    OpeningPrompt,
    PlannedPoll,
    ReminderTimes,
)

__all__ = [
    "ABOUT_MAX",
    "CHOICE_MAX",
    "PICTURE_ALT_MAX",
    "POLL_QUESTION_MAX",
    "PROMPT_BODY_MAX",
    "PROMPT_SUBJECT_MAX",
    "RULES_MAX",
    "WORDS_MAX",
    "Activity",
    "Announcement",
    "Door",
    "Duty",
    "FeedKey",
    "Forum",
    "GuestHour",
    "Jam",
    "LookPicture",
    "Member",
    "Naming",
    "OnDeletion",
    "OpeningPrompt",
    "PlannedPoll",
    "Policy",
    "Poll",
    "PollChoice",
    "PollVote",
    "ReminderTimes",
    "Role",
    "Rules",
    "Voting",
    "new_key",
]
