"""The addresses of a jam's door, its names and its rules."""

from django.urls import path

from jam.views import door, invitations, invited, policies, requests

urlpatterns = [
    path("jams/<slug:slug>/join/", door.jam_join, name="join"),
    path("jams/<slug:slug>/rules/", door.jam_rules, name="rules"),
    path("jams/<slug:slug>/rules/accept/", door.jam_rules_accept, name="rules_accept"),
    path("jams/<slug:slug>/people-and-rules/", policies.jam_policy, name="policy"),
    path("jams/<slug:slug>/people-and-rules/rules/", policies.jam_rules_edit, name="rules_edit"),
    path("jams/<slug:slug>/people/<int:member_id>/trace/", policies.jam_trace, name="trace"),
    path("jams/<slug:slug>/request/", requests.jam_request, name="request"),
    path("jams/<slug:slug>/requests/", requests.request_list, name="requests"),
    path("jams/<slug:slug>/requests/<int:request_id>/", requests.request_decide, name="request_decide"),
    path("jams/<slug:slug>/invitations/", invitations.invitation_lists, name="invitations"),
    path("jams/<slug:slug>/invitations/act/", invitations.invitation_act, name="invitation_act"),
    path("jams/<slug:slug>/invitations/links/", invitations.link_make, name="link_make"),
    path("jams/<slug:slug>/invitations/links/<int:link_id>/revoke/", invitations.link_revoke, name="link_revoke"),
    path("jams/<slug:slug>/invitations/people/", invitations.invitation_people, name="invitation_people"),
    path(
        "jams/<slug:slug>/invitations/people/<int:invitation_id>/revoke/",
        invitations.invitation_revoke,
        name="invitation_revoke",
    ),
    path("jams/<slug:slug>/invitations/<int:list_id>/", invitations.invitation_list, name="invitation_list"),
    path(
        "jams/<slug:slug>/invitations/<int:list_id>/report.csv",
        invitations.invitation_list_csv,
        name="invitation_list_csv",
    ),
    path(
        "jams/<slug:slug>/invitations/<int:list_id>/send/",
        invitations.invitation_list_send,
        name="invitation_list_send",
    ),
    path("i/<str:token>/", invited.invitation, name="invitation"),
    path("i/<str:token>/sign-up/", invited.invitation_sign_up, name="invitation_sign_up"),
    path("i/<str:token>/ask/", requests.invitation_ask, name="invitation_ask"),
]
