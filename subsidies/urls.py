"""Routes of the monthly subsidies, and of the imports that ask how far the months are."""

from django.urls import URLPattern, URLResolver, path, register_converter

from foundation.dates import Month
from subsidies.views import desk, import_batches, imports, months, places, policy


class MonthConverter:
    """A month written YYYY-MM."""

    regex = r"[12]\d{3}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> Month:
        return Month.parse(value)

    def to_url(self, value: Month) -> str:
        return str(value)


register_converter(MonthConverter, "month")

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", desk.desk, name="desk"),
    path("months/", months.months, name="months"),
    path("months/calculate/", months.calculate, name="calculate"),
    path("months/<month:period>/", months.month, name="month"),
    path("months/<month:period>/<int:number>/", months.month, name="month"),
    path("months/<month:period>/<int:number>/T1.xlsx", months.sheet, name="sheet"),
    path("months/<month:period>/<int:number>/approve/", months.approve, name="approve"),
    path("months/<month:period>/<int:number>/<slug:code>/", months.township_sheet, name="township_sheet"),
    path("lines/<int:pk>/", months.line, name="line"),
    path("policy/", policy.policy, name="policy"),
    path("policy/standards/<int:pk>/", policy.standard, name="standard"),
    path("townships/", places.townships, name="townships"),
    path("townships/<slug:code>/", places.township, name="township"),
    path("units/", places.units, name="units"),
    path("units/<slug:code>/", places.unit, name="unit"),
    path("people/import/", imports.import_roster, name="import_roster"),
    path("people/import/template/", imports.template, name="roster_template"),
    path("people/import/<int:pk>/", imports.pending_import, name="pending_import"),
    path("people/import/<int:pk>/marked/", imports.marked_import, name="marked_import"),
    path("people/imports/", import_batches.imports, name="imports"),
    path("people/imports/<int:pk>/", import_batches.import_batch, name="import_batch"),
    path("people/imports/<int:pk>/undo/", import_batches.undo_import, name="undo_import"),
]
