"""What this county calls positions, and what people are told of full and part-time, and of what a change means."""

from collections.abc import Mapping

from django.conf import settings

# Said of every change of a fact that months were paid by.
SETTLES_ITSELF = "涉及已审批月份的,差额在下一次核算中补发或扣回。"


def position_name(position: str) -> str:
    """What this county calls the position."""
    names: Mapping[str, str] = settings.POSITION_NAMES
    return names.get(position, position)


def full_time_label(is_full_time: bool | None) -> str:
    """What people are told; sheets and reports keep words of their own with what they store."""
    return {True: "专职", False: "兼职", None: "未登记"}[is_full_time]
