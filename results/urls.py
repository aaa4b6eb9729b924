from django.urls import path

from results.views.digest import digest
from results.views.exporting import jam_export
from results.views.importing import jam_import

app_name = "results"
urlpatterns = [
    path("import/", jam_import, name="import"),
    path("jams/<slug:slug>/digest/", digest, name="digest"),
    path("jams/<slug:slug>/export/", jam_export, name="export"),
]
