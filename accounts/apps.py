from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import signals  # noqa: F401  (connects them)

        # What each floor holds of a person is known from the start, in every process.
        autodiscover_modules("domain.holdings")
