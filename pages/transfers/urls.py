"""Addresses of transfers."""

from django.urls import path

from pages.transfers import views

urlpatterns = [
    path("postings/<int:pk>/transfer/", views.ask, name="posting_transfer"),
    path("postings/<int:pk>/move/", views.move, name="move_posting"),
    path("transfers/", views.transfers, name="transfers"),
    path("transfers/start/", views.start, name="start_transfer"),
    path("transfers/<int:pk>/receive/", views.receive, name="receive_transfer"),
    path("transfers/<int:pk>/refuse/", views.refuse, name="refuse_transfer"),
    path("transfers/<int:pk>/withdraw/", views.call_back, name="withdraw_transfer"),
]
