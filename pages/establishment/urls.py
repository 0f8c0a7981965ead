"""Addresses of the establishment."""

from django.urls import path

from pages.establishment import views

urlpatterns = [
    path("establishment/", views.establishment, name="establishment"),
    path("establishment/export/", views.export, name="establishment_export"),
]
