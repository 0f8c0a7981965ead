"""Whoever changes a person's postings first locks the person, so that two at a time cannot both find a period free."""

from django.core.exceptions import ValidationError

from staffing.models import Person, Posting


def lock_people(*keys: int) -> list[Person]:
    """The people of these keys, locked in the order of their keys until the transaction ends."""
    return list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def live_posting(posting: Posting) -> Posting:
    """The posting as it is stored now; ValidationError when it was withdrawn meanwhile."""
    stored = Posting.objects.select_related("person", "township", "unit").get(pk=posting.pk)
    if stored.withdrawn_at is not None:
        raise ValidationError("这条在岗记录已经撤销。")
    return stored
