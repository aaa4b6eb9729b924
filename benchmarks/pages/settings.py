"""The site's own settings, and one address more."""

from jam.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.pages.urls"
