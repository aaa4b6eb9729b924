from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        # The kinds of all floors are there from the start, in every process.
        autodiscover_modules("domain.notices")
        from notifications import signals  # noqa: F401  (connects them)
