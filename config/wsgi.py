"""The WSGI application for gunicorn and for runserver."""

import os

from config.start import served_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = served_application()
