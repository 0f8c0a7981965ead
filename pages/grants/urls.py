"""Addresses of grants."""

from django.urls import path

from pages.grants import views

urlpatterns = [
    path("townships/<slug:code>/grants/", views.enter_grant, name="enter_grant"),
    path("grants/<int:pk>/end/", views.end_grant, name="end_grant"),
]
