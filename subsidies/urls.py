"""Routes of the monthly subsidies."""

from django.urls import URLPattern, URLResolver, path, register_converter

from foundation.dates import Month
from subsidies import views


class MonthConverter:
    """A month written YYYY-MM."""

    regex = r"[12]\d{3}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> Month:
        return Month.parse(value)

    def to_url(self, value: Month) -> str:
        return str(value)


register_converter(MonthConverter, "month")

urlpatterns: list[URLPattern | URLResolver] = [
    path("months/", views.months, name="months"),
    path("months/calculate/", views.calculate, name="calculate"),
    path("months/<month:period>/", views.month, name="month"),
    path("months/<month:period>/<int:number>/", views.month, name="month"),
    path("months/<month:period>/<int:number>/T1.xlsx", views.sheet, name="sheet"),
    path("months/<month:period>/<int:number>/approve/", views.approve, name="approve"),
    path("months/<month:period>/<int:number>/<slug:code>/", views.township_sheet, name="township_sheet"),
    path("lines/<int:pk>/", views.line, name="line"),
]
