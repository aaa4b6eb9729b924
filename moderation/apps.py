from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        from jam.domain import checklist, doings
        from moderation.domain import gatekeeping, held, roster
        from moderation.domain.record import record
        from threads.domain import gate

        doings.listen(record)
        checklist.add_check(roster.check)
        gate.add_check(gatekeeping.check)
        gate.keep_with(held.keep)
