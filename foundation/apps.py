"""The foundation as a Django app: it has commands and tests, and no models."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "foundation"
