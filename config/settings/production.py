"""Settings of a deployment: nothing is guessed, and it refuses to start half configured.

TLS ends at a proxy on the same machine: gunicorn believes X-Forwarded-Proto from 127.0.0.1 (and from
FORWARDED_ALLOW_IPS, if the proxy is elsewhere), so Django needs no SECURE_PROXY_SSL_HEADER.
"""

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

# Before anything is imported: the development settings would make a key of their own.
if len(env.str("SECRET_KEY", default="")) < 50:
    raise ImproperlyConfigured("生产环境必须设置环境变量 SECRET_KEY，长度不少于 50 个字符。")
if not env.list("ALLOWED_HOSTS", default=[]):
    raise ImproperlyConfigured("生产环境必须设置环境变量 ALLOWED_HOSTS（允许访问的域名，以逗号分隔）。")

from .base import *

DEBUG = False
DEMO = env.bool("DEMO", default=False)
SECOND_FACTOR = env.str("SECOND_FACTOR", default="optional" if DEMO else "required")
if SECOND_FACTOR not in ("required", "optional"):
    raise ImproperlyConfigured("环境变量 SECOND_FACTOR 只能是 required（管理人员必须启用）或 optional。")

if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # the pool keeps the connections
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = True

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

# The prefix makes the browser refuse these cookies over plain HTTP and from a neighbouring subdomain.
SESSION_COOKIE_NAME = "__Host-sessionid"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_COOKIE_SECURE = True

LOGGING["root"]["level"] = "INFO"
