from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from jam.words import compile_words


class JamConfig(AppConfig):
    name = "jam"

    def ready(self) -> None:
        compile_words(Path(settings.LOCALE_PATHS[0]))
        # Tasks belong to the application that is there when they are first sent; signals are connected.
        from jam import celery, signals  # noqa: F401
