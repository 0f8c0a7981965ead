"""What templates call positions, and full or part-time."""

from django import template

from staffing import labels

register = template.Library()

register.filter("position_name", labels.position_name)
register.filter("full_time_label", labels.full_time_label)
