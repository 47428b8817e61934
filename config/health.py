"""Is this process alive (``/healthz``), and can it serve (``/readyz``)?"""

from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the process answers; it looks at nothing else, so that a broken database restarts no web
    server.
    """
    return JsonResponse({"status": "ok"})


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    with Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as broker:
        broker.ping()


def _migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise RuntimeError("migrations are waiting")


PARTS: dict[str, Callable[[], None]] = {"database": _database, "broker": _broker, "migrations": _migrations}


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database, the broker and the migrations are ready, else 503 naming the part that is not."""
    parts = {}
    for name, check in PARTS.items():
        try:
            check()
            parts[name] = "ok"
        except Exception as problem:  # whatever a driver raises, the answer is the same: not ready
            parts[name] = type(problem).__name__
    ready = set(parts.values()) == {"ok"}
    return JsonResponse({"status": "ok" if ready else "not ready", **parts}, status=200 if ready else 503)
