"""The site's own addresses, and one more: what the same server does for one query and no template."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def one_query(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM jam_forum")
        (forums,) = cursor.fetchone()
    return HttpResponse(f"{forums} forums\n", content_type="text/plain")


urlpatterns = [
    path("one-query", one_query, name="one-query"),
    path("", include("jam.urls")),
]
