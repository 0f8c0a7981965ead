"""Routes of the monthly subsidies, and of the imports that ask how far the months are."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from foundation.dates import FIRST_MONTH, LAST_MONTH, Month
from subsidies.enums import RunAction
from subsidies.exports.sheets import SHEETS
from subsidies.services.runs import STEPS
from subsidies.views import (
    adjustments,
    approvals,
    desk,
    import_batches,
    imports,
    months,
    old_differences,
    people,
    places,
    policy,
    report_exceptions,
    report_scans,
    reports,
    revisions,
    sheets,
)


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
    path("desk/", desk.desk, name="desk"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/approve/", approvals.approve, name="approve_entries"),
    path("approvals/reject/", approvals.reject, name="reject_entries"),
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
    path("months/<month:period>/<int:number>/old-differences/", old_differences.acknowledge, name="old_differences"),
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
    path("reports/<month:period>/<slug:code>/", reports.report, name="report"),
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
    path("units/<slug:code>/households/", places.enter_households, name="enter_households"),
    path("people/import/", imports.import_roster, name="import_roster"),
    path("people/import/template/", imports.template, name="roster_template"),
    path("people/import/<int:pk>/", imports.pending_import, name="pending_import"),
    path("people/import/<int:pk>/marked/", imports.marked_import, name="marked_import"),
    path("people/imports/", import_batches.imports, name="imports"),
    path("people/imports/<int:pk>/", import_batches.import_batch, name="import_batch"),
    path("people/imports/<int:pk>/undo/", import_batches.undo_import, name="undo_import"),
]
