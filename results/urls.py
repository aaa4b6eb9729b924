from django.urls import path

from results.views.digest import digest
from results.views.exporting import jam_export
from results.views.importing import jam_import
from results.views.rehearsal import jam_rehearsal, rehearsal_remove, rehearsal_throw_away
from results.views.themes import theme_list, theme_name

app_name = "results"
urlpatterns = [
    path("import/", jam_import, name="import"),
    path("jams/<slug:slug>/digest/", digest, name="digest"),
    path("jams/<slug:slug>/themes/", theme_list, name="themes"),
    path("jams/<slug:slug>/themes/<int:theme_id>/", theme_name, name="theme_name"),
    path("jams/<slug:slug>/export/", jam_export, name="export"),
    path("jams/<slug:slug>/rehearsal/", jam_rehearsal, name="rehearsal"),
    path("jams/<slug:slug>/rehearsal/throw-away/", rehearsal_throw_away, name="rehearsal_throw_away"),
    path("jams/<slug:slug>/rehearsal/remove/", rehearsal_remove, name="rehearsal_remove"),
]
