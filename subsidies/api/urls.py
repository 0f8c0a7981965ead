"""The routes of the API, each with who may use it."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from accounts.permissions import Permission
from subsidies.api import places, transitions, views
from subsidies.api.endpoints import acts, reads, tells_anyone

READ, EXPORT, REPORTS = Permission.VIEW_MONTH, Permission.EXPORT_SHEET, Permission.VIEW_REPORT
CALCULATE, PLACES = Permission.CALCULATE_MONTH, Permission.VIEW_PLACES

urlpatterns = [
    path("schema/", tells_anyone(SpectacularJSONAPIView), name="api_schema"),
    path("runs/", reads(READ, views.Runs), name="api_runs"),
    path("months/", reads(READ, views.Months), name="api_months"),
    path("runs/<int:pk>/", reads(READ, views.Run), name="api_run"),
    path("runs/<int:pk>/sheets/<sheet:kind>/", reads(EXPORT, views.SheetOfRun), name="api_sheet"),
    path("runs/<int:pk>/issued-sheets/", reads(READ, views.IssuedSheets), name="api_issued_sheets"),
    path("runs/<int:pk>/transitions/", acts(READ, transitions.Transitions), name="api_transitions"),
    path("months/<month:period>/calculate/", acts(CALCULATE, transitions.Calculation), name="api_calculate"),
    path("revisions/<int:pk>/", reads(READ, views.RevisionAllocations), name="api_revision"),
    path("revisions/<int:pk>/lines/", reads(READ, views.RevisionLines), name="api_lines"),
    path("revisions/<int:pk>/old-differences/", reads(READ, views.RevisionOldDifferences), name="api_old_differences"),
    path("lines/<int:pk>/", reads(READ, views.Line), name="api_line"),
    path("establishment/", reads(PLACES, places.Establishment), name="api_establishment"),
    path("reports/", reads(REPORTS, views.Reports), name="api_reports"),
]
