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
POSTS = Table(
    "posts.csv",
    ("post_id", "forum_id", "parent_id", "person_id", "created_at", "subject", "body", "tags", "status"),
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
ACTIONS = Table(
    "actions.csv",
    ("post_id", "person_id", "kind", "reason", "at"),
    required=frozenset({"post_id", "person_id", "kind"}),
    optional=True,
)

TABLES = (FORUMS, PEOPLE, POSTS, VOTES, FAVOURITES, ACTIONS)
FILES = (DESCRIPTION, *(table.file for table in TABLES))

TAG_SEPARATOR = ";"
