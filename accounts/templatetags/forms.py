"""What forms carry besides their fields."""

import secrets

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def form_token() -> SafeString:
    """A hidden token, so that sending the same form twice does its work once (accounts/idempotency.py)."""
    return format_html('<input type="hidden" name="token" value="{}">', secrets.token_urlsafe(18))
