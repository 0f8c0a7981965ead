"""The routes of the project."""

from django.urls import include, path

from accounts import views

urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("", views.home, name="home"),
    path("", include("staffing.urls")),
    path("", include("subsidies.urls")),
]

# Pages for 400, 403, 404 and 500: templates/<status>.html by Django's own handlers.
