"""The HTTP API, put together: /api/v1/."""

from ninja import NinjaAPI

from accounts.api import CALLER
from jam import problems
from live.api import changes_router
from threads.api.door import router as door
from threads.api.jams import router as jams
from threads.api.threads import router as threads

api = NinjaAPI(
    title="Jam",
    version="1",
    urls_namespace="api",
    auth=CALLER,
    docs_url="docs",
    openapi_url="openapi.json",
    description="Jams, their threads and posts. Times are ISO 8601 in UTC. Errors are RFC 9457 problem documents.",
)
problems.install(api)
api.add_router("", jams)
api.add_router("", door)
api.add_router("", threads)
api.add_router("", changes_router())
