from django.urls import path

from results.views.digest import digest

app_name = "results"
urlpatterns = [
    path("jams/<slug:slug>/digest/", digest, name="digest"),
]
