"""The files of a bundle and their columns: the one place that reading and writing share."""

from __future__ import annotations

from dataclasses import dataclass

FORMAT = "jam-bundle/1"
DESCRIPTION = "jam.json"


@dataclass(frozen=True)
class Table:
    """A CSV file of the bundle. Columns that are not `required` may be missing; so may the whole file if `optional`."""

    file: str
    columns: tuple[str, ...]
    required: frozenset[str]
    optional: bool = False


FORUMS = Table("forums.csv", ("forum_id", "title", "question", "position"), required=frozenset({"forum_id", "title"}))
PEOPLE = Table(
    "people.csv", ("person_id", "name", "email", "affiliation", "role"), required=frozenset({"person_id", "name"})
)
POSTS_OF_CONTRACT = (
    "post_id", "forum_id", "parent_id", "person_id", "created_at", "subject", "body", "tags", "status",
)  # fmt: skip
POSTS = Table(
    "posts.csv",
    (*POSTS_OF_CONTRACT, "edited_at", "withdrawn_at", "state", "prompt"),
    required=frozenset({"post_id", "forum_id", "parent_id", "person_id", "created_at", "body"}),
)
VOTES = Table(
    "votes.csv",
    ("post_id", "person_id", "value", "cast_at"),
    required=frozenset({"post_id", "person_id", "value"}),
    optional=True,
)
# What the site keeps beyond the contract's files, so that a jam that is moved loses nothing.
FAVOURITES = Table(
    "favourites.csv",
    ("post_id", "person_id", "kept_at"),
    required=frozenset({"post_id", "person_id"}),
    optional=True,
)
FOLLOWS = Table(
    "follows.csv",
    ("person_id", "post_id", "followed_id", "tag", "since"),
    required=frozenset({"person_id"}),
    optional=True,
)
ACTIONS = Table(
    "actions.csv",
    ("post_id", "person_id", "kind", "reason", "at", "subject_id", "forum_id", "before", "after"),
    required=frozenset({"post_id", "person_id", "kind"}),
    optional=True,
)

PROFILES = Table("profiles.csv", ("person_id", "about", "outside"), required=frozenset({"person_id"}), optional=True)
RULES = Table("rules.csv", ("version", "text", "at"), required=frozenset({"version", "text"}), optional=True)
PROMISES = Table(
    "promises.csv",
    ("person_id", "masked", "rules_accepted", "rules_accepted_at"),
    required=frozenset({"person_id"}),
    optional=True,
)
ANNOUNCEMENTS = Table(
    "announcements.csv",
    ("forum_id", "person_id", "created_at", "words", "taken_back_at"),
    required=frozenset({"person_id", "created_at", "words"}),
    optional=True,
)
GUEST_HOURS = Table(
    "guest_hours.csv",
    ("person_id", "forum_id", "starts_at", "ends_at", "words"),
    required=frozenset({"person_id", "starts_at", "ends_at"}),
    optional=True,
)
POLLS = Table(
    "polls.csv",
    ("poll_id", "forum_id", "person_id", "created_at", "closes_at", "question", "choices", "multiple", "results"),
    required=frozenset({"poll_id", "person_id", "created_at", "question", "choices"}),
    optional=True,
)
POLL_VOTES = Table(
    "poll_votes.csv",
    ("poll_id", "person_id", "choice", "cast_at"),
    required=frozenset({"poll_id", "person_id", "choice"}),
    optional=True,
)

PLANNED_POLLS = Table(
    "planned_polls.csv",
    ("forum_id", "person_id", "starts_at", "ends_at", "question", "choices", "multiple", "results"),
    required=frozenset({"starts_at", "question", "choices"}),
    optional=True,
)
OPENING_PROMPTS = Table(
    "opening_prompts.csv",
    ("forum_id", "person_id", "subject", "body", "posted_at"),
    required=frozenset({"forum_id", "subject", "body"}),
    optional=True,
)
REMINDERS = Table("reminders.csv", ("before", "minutes"), required=frozenset({"before", "minutes"}), optional=True)
LOOK = Table("look.csv", ("kind", "alt"), required=frozenset({"kind"}), optional=True)

REVISIONS = Table(
    "revisions.csv",
    ("post_id", "replaced_at", "subject", "body", "tags"),
    required=frozenset({"post_id", "replaced_at", "body"}),
    optional=True,
)
IMAGES = Table(
    "images.csv",
    ("image_id", "person_id", "created_at", "alt"),
    required=frozenset({"image_id", "person_id"}),
    optional=True,
)
OUTCOMES = Table(
    "outcomes.csv",
    ("post_id", "person_id", "state", "words", "at"),
    required=frozenset({"post_id", "person_id", "state"}),
    optional=True,
)
HIGHLIGHTS = Table(
    "highlights.csv",
    ("post_id", "person_id", "kind", "at"),
    required=frozenset({"post_id", "person_id", "kind"}),
    optional=True,
)
THREADS = Table(
    "threads.csv",
    ("post_id", "locked_at", "locked_by", "pinned_at"),
    required=frozenset({"post_id"}),
    optional=True,
)
CONNECTIONS = Table(
    "connections.csv",
    ("post_id", "other_id", "person_id", "at"),
    required=frozenset({"post_id", "other_id", "person_id"}),
    optional=True,
)
SHIFTS = Table(
    "shifts.csv",
    (
        "person_id", "forum_ids", "starts_at", "ends_at", "remind_before", "words",
        "edited_by", "edited_at", "handed_by", "handed_at", "confirmed_by", "confirmed_at",
    ),
    required=frozenset({"person_id", "starts_at", "ends_at"}),
    optional=True,
)  # fmt: skip
# The files that the pictures name, each by its id.
IMAGES_FOLDER, IMAGE_SUFFIX = "images", ".webp"

TABLES = (
    FORUMS, PEOPLE, POSTS, VOTES, FAVOURITES, ACTIONS, REVISIONS, IMAGES, PROFILES, RULES, PROMISES,
    ANNOUNCEMENTS, GUEST_HOURS, POLLS,
    POLL_VOTES, OUTCOMES, HIGHLIGHTS, FOLLOWS, PLANNED_POLLS, OPENING_PROMPTS, REMINDERS, LOOK,
    THREADS, CONNECTIONS, SHIFTS,
)  # fmt: skip
FILES = (DESCRIPTION, *(table.file for table in TABLES))

TAG_SEPARATOR = ";"
