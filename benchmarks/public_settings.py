"""Settings of the server that gives out public pages and static files in a measurement."""

from pathlib import Path

from config.settings import base
from config.settings.base import *  # noqa: F403

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
STATIC_ROOT = Path(base.env.str("BENCH_STATIC"))
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = False
