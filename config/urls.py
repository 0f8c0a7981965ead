"""The routes of the project."""

from django.urls import include, path

from accounts import errors, views
from config import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("", views.home, name="home"),
    path("", include("subsidies.urls")),
    path("", include("pages.urls")),
]

# Pages of templates/<status>.html, or JSON below /api/.
handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
