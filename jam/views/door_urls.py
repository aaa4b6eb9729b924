"""The addresses of a jam's door, its names and its rules."""

from django.urls import path

from jam.views import door, policies

urlpatterns = [
    path("jams/<slug:slug>/join/", door.jam_join, name="join"),
    path("jams/<slug:slug>/rules/", door.jam_rules, name="rules"),
    path("jams/<slug:slug>/rules/accept/", door.jam_rules_accept, name="rules_accept"),
    path("jams/<slug:slug>/people-and-rules/", policies.jam_policy, name="policy"),
    path("jams/<slug:slug>/people-and-rules/rules/", policies.jam_rules_edit, name="rules_edit"),
]
