"""What the threads floor stores, a module a subject."""

from threads.models.highlights import Highlight
from threads.models.moving import MOVE_REASON_MAX, Connection, Moved
from threads.models.own import (
    COLLECTION_TITLE_MAX,
    NOTE_MAX,
    Collection,
    CollectionItem,
    Favourite,
    Follow,
    Vote,
)
from threads.models.posts import (
    BODY_MAX,
    DEPTH_MAX,
    OUTCOME_WORDS_MAX,
    SUBJECT_MAX,
    TAG_MAX,
    TAGS_MAX,
    Mention,
    Outcome,
    Post,
    PostStatus,
    SearchDocument,
    Thread,
)
from threads.models.reading import (
    Exposure,
    ThreadReading,
    Visit,
)
from threads.models.tags import TagCount
from threads.models.telling import Telling
from threads.models.themes import THEME_NAME_MAX, Theme, ThemeIdea, ThemeSearch
from threads.models.writing import (
    ALT_MAX,
    Draft,
    Image,
    PostImage,
    Revision,
)

__all__ = [
    "ALT_MAX",
    "BODY_MAX",
    "COLLECTION_TITLE_MAX",
    "DEPTH_MAX",
    "MOVE_REASON_MAX",
    "NOTE_MAX",
    "OUTCOME_WORDS_MAX",
    "SUBJECT_MAX",
    "TAGS_MAX",
    "TAG_MAX",
    "THEME_NAME_MAX",
    "Collection",
    "CollectionItem",
    "Connection",
    "Draft",
    "Exposure",
    "Favourite",
    "Follow",
    "Highlight",
    "Image",
    "Mention",
    "Moved",
    "Outcome",
    "Post",
    "PostImage",
    "PostStatus",
    "Revision",
    "SearchDocument",
    "TagCount",
    "Telling",
    "Theme",
    "ThemeIdea",
    "ThemeSearch",
    "Thread",
    "ThreadReading",
    "Visit",
    "Vote",
]
