"""Addresses of what is entered of townships and units."""

from django.urls import path

from pages.registry import grant_views, township_views, unit_change_views, unit_views

urlpatterns = [
    path("townships/<slug:code>/grants/", grant_views.enter_grant, name="enter_grant"),
    path("townships/<slug:code>/status/", township_views.enter, name="enter_status"),
    path("grants/<int:pk>/end/", grant_views.end_grant, name="end_grant"),
    path("units/open/new/", unit_views.open_new, name="open_unit"),
    path("units/<slug:code>/rename/", unit_views.rename, name="rename_unit"),
    path("units/<slug:code>/close/", unit_change_views.close, name="close_unit"),
    path("units/<slug:code>/merge/", unit_change_views.merge, name="merge_unit"),
    path("units/<slug:code>/convert/", unit_change_views.convert, name="convert_unit"),
    path("units/<slug:code>/reopen/", unit_change_views.reopen, name="reopen_unit"),
]
