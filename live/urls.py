from django.urls import path

from live import views

app_name = "live"

urlpatterns = [
    path("jams/<slug:slug>/changes/", views.changes, name="changes"),
]
