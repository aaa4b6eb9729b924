"""A person's own pages. What allauth serves lies under accounts/."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("theme/", views.theme, name="theme"),
    path("language/", views.language, name="language"),
]
