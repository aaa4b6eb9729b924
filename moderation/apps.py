from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        from jam.domain import checklist, copying, doings
        from moderation.domain import gatekeeping, held, roster
        from moderation.domain.copying import copy_policy
        from moderation.domain.record import last_done, record
        from threads.domain import gate

        doings.listen(record)
        doings.read_with(last_done)
        copying.listen(copy_policy)
        checklist.add_check(roster.check)
        gate.add_check(gatekeeping.check)
        gate.keep_with(held.keep)
