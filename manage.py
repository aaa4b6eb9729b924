#!/usr/bin/env python
"""Django's command line, with the servers of the data folder behind it where no others are named."""

import os
import sys

from jam.embedded.errors import EmbeddedError
from jam.embedded.local import servers_for


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jam.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        with servers_for(sys.argv):
            execute_from_command_line(sys.argv)
    except (EmbeddedError, ImproperlyConfigured) as error:
        sys.exit(f"manage.py: {error}")


if __name__ == "__main__":
    main()
