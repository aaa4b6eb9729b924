"""Whether this process can do its work, for whoever watches it."""

from collections.abc import Callable

from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jam.cache import RedisCache


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 if the database and Redis answer, else 503 and which does not. Says nothing else: anyone may ask."""
    parts = {"database": answers(ask_database), "redis": answers(ask_redis)}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def answers(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception:  # whatever the reason is, the answer is no; the reason is in the server's own log
        return False
    return True


def ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def ask_redis() -> None:
    cache = caches["default"]  # which itself goes on without Redis, and would not tell
    assert isinstance(cache, RedisCache)
    cache.ping()
