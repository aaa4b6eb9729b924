"""A person's own pages. What allauth serves lies under accounts/."""

from django.urls import path

from accounts.views import privacy, profile, security

app_name = "accounts"
urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("theme/", profile.theme, name="theme"),
    path("language/", profile.language, name="language"),
    path("profile/second-factor/", security.second_factor, name="second_factor"),
    path("profile/tokens/", security.tokens, name="tokens"),
    path("profile/sessions/", security.sessions, name="sessions"),
    path("what-is-kept/", privacy.kept, name="kept"),
    path("profile/data/", privacy.data, name="data"),
    path("profile/data/file/", privacy.data_file, name="data_file"),
    path("profile/delete/", privacy.delete, name="delete"),
    path("profile/keep/", privacy.keep, name="keep"),
]
