"""The WSGI entry. A deployment that names no settings gets the strict ones; `bin/run` names the development ones."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()
