"""What a person was told, and how they want to hear of it. All under /notifications/."""

from django.urls import path

from notifications.views import devices, inbox, settings, unsubscribe

app_name = "notifications"

urlpatterns = [
    path("", inbox.notification_list, name="list"),
    path("seen/", inbox.all_seen, name="all_seen"),
    path("unseen/", inbox.unseen, name="unseen"),
    path("<int:notification_id>/", inbox.notification_open, name="open"),
    path("settings/", settings.settings_page, name="settings"),
    path("devices/", devices.add, name="device_add"),
    path("devices/here/", devices.here, name="device_here"),
    path("devices/end/", devices.end, name="device_end"),
    path("unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
]
