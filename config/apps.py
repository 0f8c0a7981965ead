"""The project itself as a Django app, so that its deploy checks are known."""

from django.apps import AppConfig

# Imported for its @register decorators.
from config import checks as checks


class ProjectConfig(AppConfig):
    name = "config"
