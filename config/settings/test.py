"""Settings of the test run: quick, and the same whatever the environment says, except for DATABASE_URL."""

import os
import tempfile

from .base import *

DEBUG = False
DEMO = True
SECRET_KEY = "only-for-tests-" + "x" * 50
SECRET_KEY_FALLBACKS = []
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = []

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: the threads of a browser test and of a race then have connections of their own, as in life.
    DATABASES["default"]["TEST"] = {"NAME": f"{tempfile.gettempdir()}/mingzhang-test-{os.getpid()}.sqlite3"}
    # The journal mode is a property of the file and stays WAL; waiting for the disk proves nothing here.
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
PASSWORD_POLICY = "mlps"
TRUSTED_PROXIES = 0
SECOND_FACTOR = "optional"

# Work in the background is done at once; the tests of the worker itself take the database for it.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

# A refusal that is meant is no line on the console; what a test looks for it takes from the logger.
LOGGING["handlers"]["console"] = {"class": "logging.NullHandler"}

# Static files are found where they lie, so no test needs collectstatic.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

# A page that asks the database once a row is an error.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_ALLOWLIST = [{"model": "sessions.Session"}]  # Django's logout reads the session, and reads it again to delete it
