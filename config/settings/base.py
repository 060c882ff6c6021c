"""Development settings, from which the others start. Only the modules in this folder read the environment."""

import os
import secrets
import tempfile
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]
VAR = BASE_DIR / "var"  # everything the program writes: database, uploads, collected static files, the development key

env = environ.Env()

# lxml comes with the Word library, and openpyxl would rather parse with it than with defusedxml
os.environ["OPENPYXL_LXML"] = "False"


def development_key(path):
    """The secret key kept in the file `path`, made at the first call; safe when several processes call at once."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # readable by its owner only
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)  # whole or not at all, and never over another process's key
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text()


def database(url):
    """Django's settings for a DATABASE_URL; an empty one means the SQLite file under `var/`."""
    if url:
        settings = environ.Env.db_url_config(url)
    else:
        VAR.mkdir(exist_ok=True)
        settings = {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR / "mingzhang.sqlite3"}
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        settings["OPTIONS"] = {
            # A transaction that reads and then writes would otherwise fail at once when another one wrote in between.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
    else:
        # Who waits for a lock longer than this is told to try again (config/busy.py), as on SQLite.
        settings.setdefault("OPTIONS", {}).setdefault("options", "-c lock_timeout=20s")
    return settings


DEBUG = env.bool("DEBUG", default=True)
DEMO = env.bool("DEMO", default=DEBUG)  # demonstration data and log-ins may be shown
SECRET_KEY = env.str("SECRET_KEY", default="") or development_key(VAR / "secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # older ones, until everything is sealed anew
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "config.apps.ManagementConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tables2",
    "django_filters",
    "csp",
    "axes",
    "django_tasks",
    "django_tasks_db",
    "organisation",
    "records",
    "budget",
    "projects",
    "performance",
    "publication",
]

MIDDLEWARE = [
    "organisation.addresses.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "publication.public.serving.PublicPagesMiddleware",
    "config.middleware.NoStoreMiddleware",
    "config.busy.BusyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organisation.sessions.SessionTimeMiddleware",
    "records.access.AccessMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "organisation.sessions.FirstThingsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "records.notices.unread",
                "organisation.sessions.told",
            ],
        },
    },
]
DJANGO_TABLES2_TEMPLATE = "tables/list.html"

DATABASES = {"default": database(env.str("DATABASE_URL", default=""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # the pages that everybody sees, of each process its own: a published version does not change
    "public": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "public",
        "OPTIONS": {"MAX_ENTRIES": 400},
    },
}

LOGGING = {  # Django's own tells the console nothing of an error while DEBUG is off
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": []}},
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# where the PDF finds its fonts; licensed ones (小标宋, 仿宋_GB2312) may be put in the last
FONT_FOLDERS = env.list("FONT_FOLDERS", default=["/usr/share/fonts", "/usr/local/share/fonts", str(VAR / "fonts")])
WORD_TEMPLATE = env.str("WORD_TEMPLATE", default="")  # a .docx with the bureau's own styles

MEDIA_ROOT = VAR / "media"  # no MEDIA_URL: attachments are served by views that ask for rights

FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = [
    "config.uploads.SizeHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}  # done by `manage.py db_worker`
# Notices go by mail too where there is a server: EMAIL_URL=smtp+tls://user:password@host:587
NOTICES_BY_MAIL = bool(env.str("EMAIL_URL", default=""))
vars().update(env.email_url("EMAIL_URL", default="dummymail://"))
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="mingzhang@localhost")

# Who may come in
AUTH_USER_MODEL = "organisation.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_POLICY = env.str("PASSWORD_POLICY", default="mlps")  # or "asvs": docs/decisions/0010
if PASSWORD_POLICY not in ("mlps", "asvs"):
    raise ImproperlyConfigured("环境变量 PASSWORD_POLICY 只能是 mlps（等保）或 asvs。")
AUTH_PASSWORD_VALIDATORS = [{"NAME": "organisation.passwords.PolicyValidator"}]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"

SESSION_COOKIE_AGE = 30 * 60  # without a request
SESSION_ADMINISTRATOR_AGE = 15 * 60  # the same for who holds a role of administrators
SESSION_LONGEST = 12 * 60 * 60  # in any case
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "budget.entry.kept.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a page of a thousand rows is posted whole
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # and once more, as text in a text, after a log-in that had expired

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "organisation.addresses.client_address"
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_RESET_ON_SUCCESS = True
SECOND_FACTOR = env.str("SECOND_FACTOR", default="optional")  # "required": of administrators
FAILURES_PER_ADDRESS = 100  # in AXES_COOLOFF_TIME, of whatever names: an office may share one address
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # how many of ours a request passes before it comes here
AXES_ENABLE_ADMIN = False  # its pages have no Chinese

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
