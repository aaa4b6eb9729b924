"""What search looks in: a document for each post, its words as PostgreSQL's text search knows them.

A document is made by one statement from the rows of the post and its jam, so that what is posted, what a bundle brings
and what was there before search was are found alike. Beside the words (the subject's weigh most, then the tags', then
the body's) it has lexemes that no text can give, since a word has no space in it: `jam 12`, `forum 3`, `by 41`,
`tag clean water` and, for the first post of a thread, `idea 12`. So the one index leads to the posts of a jam that have
a word, whatever other jams are here, and to those in a forum or by somebody.

`near 488` and `far 15` say where among all posts it stands: their ids rise with time, and 2,048 of them are near each
other and 65,536 far. An index on words knows no order; by these it finds the newest posts with a common word without
looking at all that have it.

Two things PostgreSQL's parser does not know are mended before it. Punctuation outside ASCII is a letter to it where
the database's locale is C: it becomes a space. And scripts that are written without spaces would be one word a
sentence: each of their characters is made a word, and search asks for them one after another.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

# The configurations that PostgreSQL brings, by the language's code without its region. Other languages are "simple":
# words as they were written, in lower case.
CONFIGS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# Ranges for a regular expression, written as PostgreSQL and Python both read them. A slash makes words a file's path.
PUNCTUATION = (
    r"/\u00a0-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u055a-\u055f\u0589\u060c\u061b\u061f\u06d4"
    r"\u0964\u0965\u2000-\u2bff\u3000-\u3003\u3008-\u3020\u3030\ufe00-\ufe0f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40"
    r"\uff5b-\uff65"
)
# Thai, Lao, Burmese, Khmer, Japanese, Chinese; and pictures.
SPACELESS = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\uff66-\uff9f\U0001f000-\U0001faff\U00020000-\U0002fa1f"
)
# Stands around what is parted for the parser alone: no post has it, and what shows the text takes it out again.
SEAM = "\x1f"

# How many bits of an id say nothing of where a post stands.
NEAR, FAR = 11, 16

# A body of more characters is a book; PostgreSQL takes a million bytes of words, and positions up to 16,383.
CHARACTERS = 50_000

CONFIG = "(CASE split_part(jam.language, '-', 1) {} ELSE 'simple' END)::regconfig".format(
    " ".join(f"WHEN '{code}' THEN '{config}'" for code, config in CONFIGS.items())
)

# Our HTML: text has no < in it, and a value of an attribute stands between double quotes.
ATTRIBUTES = r"""(?:\s(?:[^>"]|"[^"]*")*)?"""
# What search itself puts into a text.
SIGNS = rf"E'\x01\x02\x03{SEAM}'"
PLAIN_SUBJECT = f"translate(post.subject, {SIGNS}, '')"
PLAIN_BODY = rf"""
    translate(replace(replace(replace(replace(
        regexp_replace(
            regexp_replace(post.html, '</?(?:a|code|em|s|strong){ATTRIBUTES}>', '', 'g'),
            '</?[a-z][a-z0-9]*{ATTRIBUTES}>', ' ', 'g'
        ), '&lt;', '<'), '&gt;', '>'), '&nbsp;', ' '), '&amp;', '&'), {SIGNS}, '')
"""


def parted(text: str, characters: str) -> str:
    """SQL for `text`, itself SQL, with a seam around each of these characters."""
    return rf"regexp_replace({text}, '([{characters}])', '{SEAM}\1{SEAM}', 'g')"


def words_of(text: str) -> str:
    """SQL for `text`, itself SQL, as PostgreSQL's parser should see it."""
    return parted(f"regexp_replace({text}, '[{PUNCTUATION}]', ' ', 'g')", SPACELESS)


FILL = """
    INSERT INTO threads_searchdocument (post_id, config, words)
    SELECT post.id, language.config::text,
        setweight(to_tsvector(language.config, {subject}), 'A')
        || setweight(to_tsvector(language.config, {tags}), 'B')
        || setweight(to_tsvector(language.config, {body}), 'C')
        || array_to_tsvector(ARRAY['jam ' || post.jam_id, 'forum ' || thread.forum_id, 'by ' || post.author_id])
        || array_to_tsvector(ARRAY['near ' || (post.id >> {near}), 'far ' || (post.id >> {far})])
        || array_to_tsvector(CASE WHEN post.parent_id IS NULL THEN ARRAY['idea ' || post.jam_id] ELSE '{{}}' END)
        || array_to_tsvector(ARRAY(SELECT 'tag ' || tag FROM unnest(post.tags) AS tag))
    FROM threads_post AS post
    JOIN jam_jam AS jam ON jam.id = post.jam_id
    JOIN threads_thread AS thread ON thread.id = post.thread_id
    CROSS JOIN LATERAL (SELECT {config} AS config) AS language
    WHERE {which}
    ON CONFLICT (post_id) DO UPDATE SET config = excluded.config, words = excluded.words
"""


def _fill(which: str) -> str:
    return FILL.format(
        subject=words_of(PLAIN_SUBJECT),
        tags=words_of("array_to_string(post.tags, ' ; ')"),
        body=words_of(f"left({PLAIN_BODY}, {CHARACTERS})"),
        config=CONFIG,
        near=NEAR,
        far=FAR,
        which=which,
    )


FILL_POST = _fill("post.id = %(post)s")
FILL_JAM = _fill("post.jam_id = %(jam)s")
FILL_ALL = _fill("true")

STALE = """
    SELECT document.config <> language.config::text
    FROM jam_jam AS jam
    CROSS JOIN LATERAL (SELECT {config} AS config) AS language
    JOIN threads_post AS post ON post.jam_id = jam.id
    JOIN threads_searchdocument AS document ON document.post_id = post.id
    WHERE jam.id = %(jam)s
    ORDER BY post.created_at DESC
    LIMIT 1
""".replace("{config}", CONFIG)


def lexeme(word: str) -> str:
    """A word of the index as it is written in a tsquery."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def add(post_id: int) -> None:
    """Lets search find a post that was written in this transaction. One query.

    Now and then it also tidies the index for all, so call it before anything is locked that others wait for.
    """
    with connection.cursor() as cursor:
        cursor.execute(FILL_POST, {"post": post_id})


MOVE = """
    UPDATE threads_searchdocument
    SET words = ts_delete(words, 'forum ' || %(was)s::text) || array_to_tsvector(ARRAY['forum ' || %(now)s::text])
    WHERE post_id = ANY(%(posts)s)
"""


def move(post_ids: Sequence[int], *, was: int, now: int) -> None:
    """Lets search find these posts in another forum, without reading their words anew. One query."""
    with connection.cursor() as cursor:
        cursor.execute(MOVE, {"posts": list(post_ids), "was": was, "now": now})


def fill(jam_id: int | None = None) -> None:
    """Makes all documents of a jam, or of all jams, anew. One query, which takes about as long as loading the posts."""
    with connection.cursor() as cursor:
        if jam_id is None:
            cursor.execute(FILL_ALL)
        else:
            cursor.execute(FILL_JAM, {"jam": jam_id})


def follow_language(jam_id: int) -> None:
    """Makes the documents of a jam anew if its language is not the one they were made in. One query if it is."""
    with connection.cursor() as cursor:
        cursor.execute(STALE, {"jam": jam_id})
        found = cursor.fetchone()
    if found is not None and found[0]:
        fill(jam_id)
