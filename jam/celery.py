"""The Celery application. `jam.apps` imports it, so that every process sends its tasks to our broker."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jam.settings")

app = Celery("jam")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
