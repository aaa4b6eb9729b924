"""What the threads floor stores, a module a subject."""

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
from threads.models.writing import (
    ALT_MAX,
    Draft,
    Image,
    Revision,
)

__all__ = [
    "ALT_MAX",
    "BODY_MAX",
    "COLLECTION_TITLE_MAX",
    "DEPTH_MAX",
    "NOTE_MAX",
    "SUBJECT_MAX",
    "TAGS_MAX",
    "TAG_MAX",
    "Collection",
    "CollectionItem",
    "Draft",
    "Exposure",
    "Favourite",
    "Follow",
    "Image",
    "Mention",
    "Outcome",
    "Post",
    "PostStatus",
    "Revision",
    "SearchDocument",
    "Thread",
    "ThreadReading",
    "Visit",
    "Vote",
]
