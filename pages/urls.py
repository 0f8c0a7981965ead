"""Addresses of the pages that tell of several subjects."""

from django.urls import URLPattern, URLResolver, include, path

from pages.views import approvals, desk, histories, import_batches, imports, people, places, saved_filters

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("pages.personnel.urls")),
    path("", include("pages.transfers.urls")),
    path("", include("pages.registry.urls")),
    path("", include("pages.establishment.urls")),
    path("desk/", desk.desk, name="desk"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/approve/", approvals.approve, name="approve_entries"),
    path("approvals/reject/", approvals.reject, name="reject_entries"),
    path("people/", people.people, name="people"),
    path("people/export/", people.export, name="people_export"),
    path("people/find/", people.find, name="find_person"),
    path("people/by-number/", people.by_number, name="people_by_number"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/national-id/", people.national_id, name="person_national_id"),
    path("people/<int:pk>/history/", histories.person_history, name="person_history"),
    path("postings/<int:pk>/history/", histories.posting_history, name="posting_history"),
    path("lists/filters/", saved_filters.save_filter, name="save_filter"),
    path("lists/filters/<int:pk>/delete/", saved_filters.delete_filter, name="delete_filter"),
    path("townships/", places.townships, name="townships"),
    path("townships/<slug:code>/", places.township, name="township"),
    path("units/", places.units, name="units"),
    path("units/export/", places.export_units, name="units_export"),
    path("units/<slug:code>/", places.unit, name="unit"),
    path("units/<slug:code>/households/", places.enter_households, name="enter_households"),
    path("people/import/", imports.import_roster, name="import_roster"),
    path("people/import/template/", imports.template, name="roster_template"),
    path("people/import/<int:pk>/", imports.pending_import, name="pending_import"),
    path("people/import/<int:pk>/marked/", imports.marked_import, name="marked_import"),
    path("people/imports/", import_batches.imports, name="imports"),
    path("people/imports/<int:pk>/", import_batches.import_batch, name="import_batch"),
    path("people/imports/<int:pk>/undo/", import_batches.undo_import, name="undo_import"),
]
