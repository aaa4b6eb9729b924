"""A person's own pages. What allauth serves lies under accounts/."""

from django.urls import path

from accounts.views import profile

app_name = "accounts"
urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("theme/", profile.theme, name="theme"),
    path("language/", profile.language, name="language"),
]
