"""Pages that tell of several subjects, and the commands that know every app, as a Django app without tables."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "pages"
