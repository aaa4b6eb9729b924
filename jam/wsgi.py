"""Pages, for a WSGI server with long-lived threads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jam.settings")

application = get_wsgi_application()
