from django.urls import path

from moderation.views import posts

app_name = "moderation"
urlpatterns = [
    path("jams/<slug:slug>/posts/<int:post_id>/hide/", posts.hide, name="hide"),
    path("jams/<slug:slug>/posts/<int:post_id>/restore/", posts.restore, name="restore"),
]
