"""Routes of the monthly subsidies."""

from django.urls import URLPattern, URLResolver, path, register_converter

from foundation.dates import Month
from subsidies.views import desk, months, people, places, policy


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
    path("people/", people.people, name="people"),
    path("people/export/", people.export, name="people_export"),
    path("people/by-number/", people.by_number, name="people_by_number"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/national-id/", people.national_id, name="person_national_id"),
    path("policy/", policy.policy, name="policy"),
    path("policy/standards/<int:pk>/", policy.standard, name="standard"),
    path("townships/", places.townships, name="townships"),
    path("townships/<slug:code>/", places.township, name="township"),
    path("units/", places.units, name="units"),
    path("units/<slug:code>/", places.unit, name="unit"),
]
