"""The jam app's own addresses; jam/urls.py takes them in."""

from django.urls import path, register_converter

from jam.views import (
    announcements,
    app,
    calendar,
    copying,
    door_urls,
    guest_hours,
    lobby,
    look,
    pictures,
    planned_polls,
    polls,
    preview,
    roles,
    setup,
    site_people,
    window,
)


class ColoursConverter:
    """Up to 60 colours, each of six hex digits, parted by hyphens."""

    regex = "[0-9a-f]{6}(?:-[0-9a-f]{6}){0,59}"

    def to_python(self, value: str) -> list[str]:
        return value.split("-")

    def to_url(self, value: str) -> str:
        return value


register_converter(ColoursConverter, "colours")

app_name = "jam"
urlpatterns = [
    path("", lobby.jam_list, name="list"),
    path("new/", setup.jam_create, name="create"),
    path("people/", site_people.site_person_list, name="site_people"),
    path("people/<int:person_id>/", site_people.site_person, name="site_person"),
    path("clock/", look.clock, name="clock"),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("sw.js", app.worker, name="worker"),
    path("offline/", app.offline, name="offline"),
    path("whoami/", app.whoami, name="whoami"),
    path("accents/<colours:colours>.css", look.accents, name="accents"),
    path("words/<slug:language>.<slug:stamp>.js", look.words, name="words"),
    path("jams/<slug:slug>/setup/", setup.jam_setup, name="setup"),
    path("jams/<slug:slug>/setup/<slug:step_name>/", setup.jam_step, name="step"),
    path("jams/<slug:slug>/look/<slug:key>.webp", pictures.look_picture, name="look_picture"),
    path("jams/<slug:slug>/copy/", copying.jam_copy, name="copy"),
    path("jams/<slug:slug>/as-participant/", preview.preview_begin, name="preview"),
    path("jams/<slug:slug>/as-participant/end/", preview.preview_end, name="preview_end"),
    path("jams/<slug:slug>/roles/", roles.role_list, name="roles"),
    path("jams/<slug:slug>/roles/<int:member_id>/", roles.role_edit, name="role"),
    path("jams/<slug:slug>/roles/<int:member_id>/remove/", roles.role_remove, name="role_remove"),
    path("jams/<slug:slug>/window/", window.jam_window, name="window"),
    path("jams/<slug:slug>/publish/", window.jam_publish, name="publish"),
    *door_urls.urlpatterns,
    path("jams/<slug:slug>/announcements/", announcements.announcement_list, name="announcements"),
    path(
        "jams/<slug:slug>/announcements/<int:announcement_id>/take-back/",
        announcements.announcement_take_back,
        name="announcement_take_back",
    ),
    path(
        "jams/<slug:slug>/announcements/<int:announcement_id>/dismiss/",
        announcements.announcement_dismiss,
        name="announcement_dismiss",
    ),
    path("jams/<slug:slug>/polls/", polls.poll_list, name="polls"),
    path("jams/<slug:slug>/polls/planned/", planned_polls.planned_poll_list, name="planned_polls"),
    path(
        "jams/<slug:slug>/polls/planned/<int:planned_id>/remove/",
        planned_polls.planned_poll_remove,
        name="planned_poll_remove",
    ),
    path("jams/<slug:slug>/polls/<int:poll_id>/", polls.poll_detail, name="poll"),
    path("jams/<slug:slug>/polls/<int:poll_id>/vote/", polls.poll_vote, name="poll_vote"),
    path("jams/<slug:slug>/polls/<int:poll_id>/close/", polls.poll_close, name="poll_close"),
    path("jams/<slug:slug>/polls/<int:poll_id>/remove/", polls.poll_remove, name="poll_remove"),
    path("jams/<slug:slug>/guests/", guest_hours.guest_hour_list, name="guest_hours"),
    path("jams/<slug:slug>/guests/<int:hour_id>/", guest_hours.guest_hour_edit, name="guest_hour"),
    path("jams/<slug:slug>/guests/<int:hour_id>/remove/", guest_hours.guest_hour_remove, name="guest_hour_remove"),
    path("jams/<slug:slug>/calendar.ics", calendar.jam_calendar, name="calendar"),
]
