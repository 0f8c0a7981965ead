"""The routes of the project, and beside them the page that the benchmark compares with."""

from django.urls import path

from benchmarks import pages
from config.urls import urlpatterns as of_project

urlpatterns = [path("floor/<int:after>/", pages.keyset_and_nothing, name="floor"), *of_project]
