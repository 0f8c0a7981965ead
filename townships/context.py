"""What every page's frame shows of the county: whether its people and numbers are invented."""

from django.http import HttpRequest

from townships.models import County


def demonstration(request: HttpRequest) -> dict[str, bool]:
    """`is_demonstration`: asked of the one-row table each time, since seeding is the work of another process."""
    return {"is_demonstration": County.objects.filter(is_demonstration=True).exists()}
