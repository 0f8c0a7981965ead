"""The request of a view behind the login."""

from django.http import HttpRequest

from accounts.models import User


class UserRequest(HttpRequest):
    """A request whose user has logged in: LoginRequiredMiddleware turned everybody else away."""

    user: User
