"""People: one row for each id number, and whatever record was merged into another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from foundation.crypto import blind_index, decrypt
from staffing.enums import RECORDED_GROUPS, Sex
from staffing.models.postings import Posting
from townships.places import comparable

if TYPE_CHECKING:
    from accounts.models import User

TAIL = 4


def tail_index(national_id: str) -> str:
    """The keyed index of the last four characters of an id number, or of its tail."""
    return blind_index("national_id_tail", national_id[-TAIL:])


def phone_tail_index(phone: str) -> str:
    """The keyed index of the last four digits of a phone number, or of its tail."""
    return blind_index("phone_tail", phone[-TAIL:])


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: User) -> PersonQuerySet:
        """The county's readers see everyone; a clerk those who were ever posted in the own township.

        Whoever sees a merged record sees the one that it is merged into.
        """
        if user.reads_county:
            return self
        posted = Posting.objects.visible_to(user).values("person")
        merged = Person.objects.filter(pk__in=posted, merged_into__isnull=False).values("merged_into")
        return self.filter(Q(pk__in=posted) | Q(pk__in=merged))

    def named_like(self, text: str) -> PersonQuerySet:
        """Whose name holds `text`, or whose pinyin initials begin with it where it is in letters."""
        wanted = comparable(text)
        found = Q(name__icontains=wanted)
        if wanted.isascii():
            found |= Q(initials__contains=f" {wanted.lower()}")
        return self.filter(found)

    def with_national_id_tail(self, tail: str) -> PersonQuerySet:
        """Whoever has an id number that ends with these last 4 to 6 characters (normalised)."""
        candidates = self.filter(national_id_tail_index=tail_index(tail))
        if len(tail) == TAIL:
            return candidates
        return self.filter(pk__in=[person.pk for person in candidates if person.national_id.endswith(tail)])

    def with_phone_tail(self, tail: str) -> PersonQuerySet:
        """Whoever has a phone number that ends with these last 4 to 6 digits."""
        candidates = self.filter(phone_tail_index=phone_tail_index(tail))
        if len(tail) == TAIL:
            return candidates
        return self.filter(pk__in=[person.pk for person in candidates if person.phone.endswith(tail)])

    def with_national_id(self, national_id: str) -> PersonQuerySet:
        """Whoever has this id number (normalised, 18 characters)."""
        return self.filter(national_id_index=blind_index("national_id", national_id))


class Person(models.Model):
    """人员. The id number is encrypted, found by keyed indexes of the whole and its last characters, shown masked.

    `initials` are every way to spell the name, each after a space, and `spelling` is what the name is sorted by.
    identity.py sets both with the name, and the index of the phone's tail with the phone.
    """

    name = models.CharField("姓名", max_length=60)
    initials = models.CharField("拼音首字母", max_length=200, blank=True, default="", db_default="", editable=False)
    spelling = models.CharField("拼音", max_length=300, blank=True, default="", db_default="", editable=False)
    national_id_encrypted = models.BinaryField(null=True, editable=False)
    national_id_index = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    national_id_masked = models.CharField(max_length=18, blank=True, editable=False)
    national_id_tail_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    sex = models.CharField("性别", max_length=10, blank=True, choices=Sex.choices())
    born_on = models.DateField("出生日期", null=True, blank=True)
    # Empty: as the position says.
    retirement_group = models.CharField(
        "退休年龄类别",
        max_length=20,
        blank=True,
        default="",
        db_default="",
        choices=[(group.value, group.label) for group in RECORDED_GROUPS],
    )
    phone_encrypted = models.BinaryField(null=True, editable=False)
    phone_tail_index = models.CharField(
        max_length=64, blank=True, default="", db_default="", db_index=True, editable=False
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_records")

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("spelling", "id"), name="person_by_spelling"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="person_not_merged_into_itself",
                violation_error_message="不能与自己合并。",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def national_id(self) -> str:
        """The whole number, which only a page that logs it may show; empty where none is recorded."""
        if self.national_id_encrypted is None:
            return ""
        return decrypt("national_id", bytes(self.national_id_encrypted))

    @property
    def phone(self) -> str:
        return "" if self.phone_encrypted is None else decrypt("phone", bytes(self.phone_encrypted))
