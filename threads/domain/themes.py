"""The themes of a jam as lists show them. They are found by `results.domain.themes`."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from jam.models import Jam
from threads.models import Post, Theme

HOTTEST = """
    SELECT theme.id, hottest.idea
    FROM threads_theme AS theme
    CROSS JOIN LATERAL (
        SELECT idea.id AS idea
        FROM threads_themeidea AS pair
        JOIN threads_thread AS thread ON thread.id = pair.thread_id
        JOIN threads_post AS idea ON idea.thread_id = thread.id AND idea.parent_id IS NULL
        WHERE pair.theme_id = theme.id AND idea.status = 'visible'
        ORDER BY thread.heat DESC, thread.id DESC LIMIT %s
    ) AS hottest
    WHERE theme.jam_id = %s
"""
IDEAS_SHOWN = 3


@dataclass(frozen=True)
class ShownTheme:
    """A theme with its hottest ideas."""

    theme: Theme
    ideas: list[Post]


def with_ideas(jam: Jam) -> list[ShownTheme]:
    """The themes of `jam`, the one with most ideas first, each with its three hottest. Three queries."""
    themes = list(Theme.objects.filter(jam=jam))
    with connection.cursor() as cursor:
        cursor.execute(HOTTEST, [IDEAS_SHOWN, jam.pk])
        pairs = cursor.fetchall()
    posts = Post.objects.select_related("author", "thread").in_bulk([idea for _theme, idea in pairs])
    return [
        ShownTheme(theme=theme, ideas=[posts[idea] for of, idea in pairs if of == theme.pk and idea in posts])
        for theme in themes
    ]
