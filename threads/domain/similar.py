"""Ideas that say what somebody is about to say: asked for while they type, so quick before it is clever.

An idea is similar if it has a good part of the words, where a word counts the more the fewer ideas have it. That is
the inverse document frequency of Spärck Jones (1972), taken over the ideas that have any of the words.
"""

from __future__ import annotations

from django.db import connection

from jam.models import Jam
from threads.domain.queries import ideas
from threads.domain.search_index import CONFIG, lexeme, words_of
from threads.models import Post

CHARACTERS = 1_000
WORDS = 16
AT_MOST = 1_000
ENOUGH = 0.3

# The first words that say something, each as PostgreSQL knows it in the language of the jam.
SAID = """
    SELECT said.lexeme FROM jam_jam AS jam
    CROSS JOIN LATERAL unnest(to_tsvector({config}, {text})) AS said
    WHERE jam.id = %(jam)s
    ORDER BY said.positions[1]
    LIMIT %(words)s
""".replace("{config}", CONFIG).replace("{text}", words_of("%(text)s"))

# A word in the subject of an idea (weight A) is worth two in its body. One that no idea has counts little: it may be
# half typed.
RANKED = """
    WITH candidate AS (
        SELECT document.post_id, document.words
        FROM threads_searchdocument AS document JOIN threads_post AS post ON post.id = document.post_id
        WHERE document.words @@ %(match)s::tsquery AND post.status = 'visible'
        ORDER BY document.post_id DESC
        LIMIT %(at_most)s
    ), has AS (
        SELECT candidate.post_id, said.word,
            CASE WHEN candidate.words @@ (said.word || ':A')::tsquery THEN 2 ELSE 1 END AS times
        FROM candidate JOIN unnest(%(said)s) AS said(word) ON candidate.words @@ said.word::tsquery
    ), worth AS (
        SELECT said.word,
            ln(1 + coalesce((SELECT count(*) FROM candidate)::float / nullif(count(has.post_id), 0), 1)) AS weight
        FROM unnest(%(said)s) AS said(word) LEFT JOIN has USING (word)
        GROUP BY said.word
    )
    SELECT post_id FROM has JOIN worth USING (word)
    GROUP BY post_id
    HAVING sum(weight) >= %(enough)s * (SELECT sum(weight) FROM worth)
    ORDER BY sum(weight * times) DESC, post_id DESC
    LIMIT %(limit)s
"""


def similar(jam: Jam, text: str, *, limit: int) -> list[Post]:
    """The ideas of `jam` that are most like `text`, the closest first, with author and thread. At most three queries.

    `text` is what was typed so far, the subject first; its first 16 words that say something are looked at. An idea
    must have three tenths of what they are worth together. Looked through are the newest 1,000 ideas that have any of
    the words, so that it takes no longer in a large jam. Hidden and withdrawn ideas are left out, and nothing is
    found for a text without words.
    """
    with connection.cursor() as cursor:
        cursor.execute(SAID, {"jam": jam.pk, "text": text[:CHARACTERS].replace("\x00", " "), "words": WORDS})
        said = [lexeme(word) for (word,) in cursor.fetchall()]
        if not said:
            return []
        match = f"{lexeme(f'idea {jam.pk}')} & ( {' | '.join(said)} )"
        cursor.execute(RANKED, {"match": match, "said": said, "at_most": AT_MOST, "enough": ENOUGH, "limit": limit})
        found = [post_id for (post_id,) in cursor.fetchall()]
    by_id = ideas(jam=jam).in_bulk(found)
    return [by_id[post_id] for post_id in found if post_id in by_id]
