from django.apps import AppConfig


class JamConfig(AppConfig):
    name = "jam"

    def ready(self) -> None:
        from jam import celery  # noqa: F401  (tasks belong to the application that is there when they are first sent)
