from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        from jam.domain import doings
        from moderation.domain.record import record

        doings.listen(record)
