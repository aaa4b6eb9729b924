"""Texts that share their words.

TF-IDF, and non-negative matrix factorisation of it (Lee and Seung, Nature 401, 1999): each theme is a weighting of
words, and a text belongs to the theme that it is made of most. Of what was tried on real jams (k-means, latent
semantic analysis before it, Ward's method) this gave the most even themes, and on ideas that people had sorted by hand
the most pairs that they too had put together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer

from results.domain.vocabulary import is_piece

Matrix: TypeAlias = "np.ndarray[Any, Any]"

TEXTS_MIN = 15
THEMES_MIN, THEMES_MAX = 3, 12
WORDS_OF_A_THEME = 3
# A text that a theme makes up less than this of (of a length of 1) shares too little with any.
WEIGHT_MIN = 0.02
# A word in more than these of the texts says nothing about one.
TOO_COMMON = 0.4
BATCH = 2_000
ROUNDS = 400


@dataclass(frozen=True)
class Clusters:
    """`of` has the number of the cluster of each text, None for one that is in none; `words` what each is made of."""

    of: list[int | None]
    words: list[list[str]]


def cluster(texts: Sequence[Sequence[str]], *, learn_from: int) -> Clusters:
    """Clusters texts that are given as their words. The themes are learned from the first `learn_from` of them.

    The same texts give the same clusters. There are as many as the square root of half the texts, 3 to 12; none if it
    is to learn from less than fifteen. Pure, and slow: some seconds for thousands of texts.
    """
    if learn_from < TEXTS_MIN:
        return Clusters(of=[None] * len(texts), words=[])
    # Words come apart already.
    vectorizer = TfidfVectorizer(analyzer=_as_they_are, sublinear_tf=True, min_df=2, max_df=TOO_COMMON)
    learned = texts[:learn_from]
    try:
        weights = vectorizer.fit_transform(learned)
    except ValueError:  # no word is in two texts
        return Clusters(of=[None] * len(texts), words=[])
    count = min(_how_many(len(learned)), *weights.shape)
    model = NMF(count, init="nndsvda", random_state=0, max_iter=ROUNDS, tol=1e-3).fit(weights)
    of: list[int | None] = []
    for batch in _batches(texts):
        of += _strongest(model.transform(vectorizer.transform(batch)))
    names = vectorizer.get_feature_names_out()
    # What a theme is made of and the others are not tells more of it than what all are made of.
    telling = model.components_**2 / np.maximum(model.components_.sum(axis=0), 1e-12)
    return Clusters(of=of, words=[_telling(part, names) for part in telling])


def _as_they_are(words: Sequence[str]) -> Sequence[str]:
    return words


def _how_many(texts: int) -> int:
    return max(THEMES_MIN, min(THEMES_MAX, round(math.sqrt(texts / 2))))


def _batches(texts: Sequence[Sequence[str]]) -> Iterator[Sequence[Sequence[str]]]:
    for start in range(0, len(texts), BATCH):
        yield texts[start : start + BATCH]


def _strongest(parts: Matrix) -> list[int | None]:
    """Of each row the column with most, None where even that is too little."""
    best = parts.argmax(axis=1)
    return [int(column) if row[column] >= WEIGHT_MIN else None for row, column in zip(parts, best, strict=True)]


def _telling(part: Matrix, names: Matrix) -> list[str]:
    """The words that weigh most. Of pieces that share characters (see `vocabulary.words_in`) the first."""
    words: list[str] = []
    for index in part.argsort()[::-1]:
        word = str(names[index])
        if part[index] <= 0 or len(words) == WORDS_OF_A_THEME:
            break
        if not (is_piece(word) and any(set(word) & set(known) for known in words)):
            words.append(word)
    return words
