"""The settings for the type checker, which reads them and talks to no server."""

import os

os.environ.setdefault("SECRET_KEY", "for the type checker, and of no use to anyone")
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/none")
os.environ.setdefault("REDIS_URL", "redis://localhost/0")

from jam.settings import *  # noqa: F403
