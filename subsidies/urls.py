"""Routes of the monthly subsidies, and of the imports that ask how far the months are."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from foundation.dates import FIRST_MONTH, LAST_MONTH, Month
from subsidies.enums import RunAction
from subsidies.policy import views as policy
from subsidies.reports.views import exceptions as report_exceptions
from subsidies.reports.views import reports
from subsidies.reports.views import scans as report_scans
from subsidies.runs.services import STEPS
from subsidies.runs.views import adjustments, answers, months, revisions
from subsidies.sheets import views as sheets
from subsidies.sheets.register import SHEETS


class MonthConverter:
    """A month written YYYY-MM, of those in which there is something to calculate; other months have no address."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> Month:
        return self._within_limits(Month.parse(value))

    def to_url(self, value: Month) -> str:
        return str(self._within_limits(value))

    @staticmethod
    def _within_limits(month: Month) -> Month:
        if not FIRST_MONTH <= month <= LAST_MONTH:
            raise ValueError(f"{month} is not a month of the pages")
        return month


class ActionConverter:
    """A step with a calculated run, by its identifier."""

    regex = "|".join(STEPS)

    def to_python(self, value: str) -> RunAction:
        return RunAction(value)

    def to_url(self, value: RunAction) -> str:
        return value.value


class SheetConverter:
    """A sheet by its number."""

    regex = "|".join(SHEETS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(MonthConverter, "month")
register_converter(SheetConverter, "sheet")
register_converter(ActionConverter, "action")

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("subsidies.api.urls")),
    path("months/", months.months, name="months"),
    path("months/calculate/", months.calculate, name="calculate"),
    path("months/<month:period>/", months.month, name="month"),
    path("months/<month:period>/<int:number>/", months.month, name="month"),
    path("months/<month:period>/<int:number>/<sheet:kind>.xlsx", sheets.sheet, name="sheet"),
    path("months/<month:period>/<int:number>/<slug:code>/<sheet:kind>.xlsx", sheets.sheet, name="township_file"),
    path("months/<month:period>/<int:number>/issue/<sheet:kind>/", sheets.issue, name="issue_sheet"),
    path(
        "months/<month:period>/<int:number>/issue/<sheet:kind>/<slug:code>/", sheets.issue, name="issue_township_sheet"
    ),
    path("sheets/<int:pk>/", sheets.issued, name="issued_sheet"),
    path("months/<month:period>/<int:number>/approve/", months.approve, name="approve"),
    path("months/<month:period>/<int:number>/steps/<action:action>/", months.step, name="step"),
    path("months/<month:period>/<int:number>/old-differences/", answers.old_differences, name="old_differences"),
    path("months/<month:period>/<int:number>/findings/", answers.findings, name="run_findings"),
    path("months/<month:period>/<int:number>/revisions/", revisions.revisions, name="revisions"),
    path("months/<month:period>/<int:number>/<slug:code>/", months.township_sheet, name="township_sheet"),
    path("months/<month:period>/adjustments/", adjustments.adjustments, name="adjustments"),
    path("months/<month:period>/adjustments/add/", adjustments.add_adjustment, name="add_adjustment"),
    path(
        "months/<month:period>/adjustments/<int:pk>/withdraw/",
        adjustments.withdraw_adjustment,
        name="withdraw_adjustment",
    ),
    path("my-month/", reports.my_month, name="my_month"),
    path("reports/<month:period>/", reports.month_reports, name="reports"),
    path("reports/<month:period>/accept/", reports.accept, name="accept_reports"),
    path("reports/<month:period>/<slug:code>/", reports.report, name="report"),
    path("reports/<month:period>/<slug:code>/history/", reports.report_history, name="report_history"),
    path("reports/<month:period>/<slug:code>/T0.xlsx", reports.sheet, name="report_sheet"),
    path("reports/<month:period>/<slug:code>/submit/", reports.submit, name="submit_report"),
    path("reports/<month:period>/<slug:code>/off-post/", report_exceptions.off_post, name="off_post"),
    path("reports/<month:period>/<slug:code>/leave/", report_exceptions.register_leave, name="register_leave"),
    path(
        "reports/<month:period>/<slug:code>/suspension/",
        report_exceptions.register_suspension,
        name="register_suspension",
    ),
    path("reports/<month:period>/<slug:code>/acknowledge/", reports.acknowledge, name="acknowledge"),
    path("reports/<month:period>/<slug:code>/decide/", reports.decide, name="decide_report"),
    path("reports/<month:period>/<slug:code>/scans/", report_scans.attach_scans, name="attach_report_scans"),
    path("reports/<month:period>/<slug:code>/scans/<int:pk>/", report_scans.scan, name="report_scan"),
    path(
        "reports/<month:period>/<slug:code>/scans/<int:pk>/withdraw/",
        report_scans.withdraw_scan,
        name="withdraw_report_scan",
    ),
    path("lines/<int:pk>/", months.line, name="line"),
    path("policy/", policy.policy, name="policy"),
    path("policy/standards/<int:pk>/", policy.standard, name="standard"),
]
