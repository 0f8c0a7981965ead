"""What templates call positions, full or part-time, and people."""

from django import template
from django.template import RequestContext
from django.urls import reverse
from django.utils.html import format_html

from accounts.permissions import Permission, may
from staffing import labels

register = template.Library()

register.filter("position_name", labels.position_name)
register.filter("full_time_label", labels.full_time_label)


@register.simple_tag(takes_context=True)
def person_link(context: RequestContext, pk: int, name: str) -> str:
    """The name, leading to the person's page for whoever may look at people."""
    if not may(context.request.user, Permission.VIEW_PEOPLE):
        return name
    return format_html('<a href="{}">{}</a>', reverse("person", args=[pk]), name)
