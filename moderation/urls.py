from django.urls import path

from moderation.views import journal, posts, shifts

app_name = "moderation"
urlpatterns = [
    path("jams/<slug:slug>/posts/<int:post_id>/hide/", posts.hide, name="hide"),
    path("jams/<slug:slug>/posts/<int:post_id>/restore/", posts.restore, name="restore"),
    path("jams/<slug:slug>/shifts/", shifts.roster_page, name="roster"),
    path("jams/<slug:slug>/shifts/new/", shifts.shift_new, name="shift_new"),
    path("jams/<slug:slug>/shifts/mine.ics", shifts.my_shifts, name="my_shifts"),
    path("jams/<slug:slug>/shifts/<int:shift_id>/", journal.shift_page, name="shift"),
    path("jams/<slug:slug>/shifts/<int:shift_id>/edit/", shifts.shift_edit, name="shift_edit"),
    path("jams/<slug:slug>/shifts/<int:shift_id>/remove/", shifts.shift_remove, name="shift_remove"),
    path("jams/<slug:slug>/shifts/<int:shift_id>/pass/", shifts.shift_pass, name="shift_pass"),
    path("jams/<slug:slug>/shifts/<int:shift_id>/offer/", shifts.shift_offer, name="shift_offer"),
    path("jams/<slug:slug>/shifts/<int:shift_id>/keep/", shifts.shift_keep, name="shift_keep"),
    path("jams/<slug:slug>/shifts/<int:shift_id>/take/", shifts.shift_take, name="shift_take"),
    path("jams/<slug:slug>/shifts/<int:shift_id>/hand-over/", journal.shift_hand_over, name="shift_hand_over"),
    path("jams/<slug:slug>/shifts/<int:shift_id>/confirm/", journal.shift_confirm, name="shift_confirm"),
]
