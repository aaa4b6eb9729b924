from django.apps import AppConfig


class JamConfig(AppConfig):
    name = "jam"

    def ready(self) -> None:
        # Tasks belong to the application that is there when they are first sent; signals are connected.
        from jam import celery, signals  # noqa: F401
