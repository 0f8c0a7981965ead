"""The county, its townships with their dated status, their units, and registered households."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.dates import FIRST_DAY
from townships.enums import TownshipClass, TownshipKind, UnitChangeKind, UnitKind, class_of

if TYPE_CHECKING:
    from accounts.models import User

Rows = TypeVar("Rows", bound=models.QuerySet[Any])

# The first status of a township is in force for every month.
FIRST_STATUS_FROM = FIRST_DAY


class PolicyDocument(models.Model):
    """A document 依据文件 that a rule, a grant or a status rests on; `key` is its id in policy files."""

    key = models.SlugField("标识", max_length=80, unique=True)
    title = models.CharField("文件名称", max_length=200)
    number = models.CharField("文号", max_length=80, blank=True)
    issued_on = models.DateField("发文日期", null=True, blank=True)

    def __str__(self) -> str:
        return f"《{self.title}》{self.number}"


class County(models.Model):
    """The county of this installation."""

    code = models.CharField("区划代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    is_demonstration = models.BooleanField("示例数据", default=False)

    def __str__(self) -> str:
        return self.name


class TownshipQuerySet(models.QuerySet["Township"]):
    def visible_to(self, user: User) -> TownshipQuerySet:
        """The townships this user may read: all for the county, one's own for a clerk, none otherwise."""
        if user.reads_county:
            return self
        if user.township_id is not None:
            return self.filter(pk=user.township_id)
        return self.none()


def seen_by(user: User, rows: Rows, township: str = "township") -> Rows:
    """The rows that this user may read: all for the county, otherwise those whose township the user may read."""
    return rows if user.reads_county else rows.filter(**{f"{township}__in": Township.objects.visible_to(user)})


class Township(models.Model):
    """A 镇乡(街道). `code` and `name` are those of its newest status, kept in step by the service that adds one."""

    county = models.ForeignKey(County, models.PROTECT, related_name="townships")
    code = models.CharField("区划代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)

    objects = TownshipQuerySet.as_manager()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class TownshipStatusEntry(models.Model):
    """A status 区划状态 as it was entered; once it is approved it is one of the township's statuses."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="status_entries")
    effective_from = models.DateField("执行日期")
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=20, choices=TownshipKind.choices())
    is_central_town = models.BooleanField("中心镇", default=False)
    document = models.CharField("依据文件", max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("township",),
                condition=Q(approved_at__isnull=True),
                name="township_status_waits_once",
                violation_error_message="这个镇乡(街道)已有一次区划状态的变更在等待审核。",
            ),
            models.CheckConstraint(
                condition=Q(is_central_town=False) | Q(kind=TownshipKind.TOWN.value),
                name="entered_central_town_is_a_town",
                violation_error_message="只有镇可以是中心镇。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.township} {self.effective_from} 起{self.in_words}"

    @property
    def in_words(self) -> str:
        return _status_in_words(self.name, TownshipKind(self.kind), is_central_town=self.is_central_town)


class TownshipStatus(models.Model):
    """What a township is from a day on 区划状态; the next status ends it. `entry`: what was approved of it, if it came
    by form."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="statuses")
    effective_from = models.DateField("执行日期")
    code = models.CharField("区划代码", max_length=12)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=20, choices=TownshipKind.choices())
    is_central_town = models.BooleanField("中心镇", default=False)
    document = models.ForeignKey(PolicyDocument, models.PROTECT, null=True, blank=True)
    entry = models.OneToOneField(TownshipStatusEntry, models.PROTECT, null=True, blank=True, related_name="status")

    class Meta:
        ordering = ("township", "effective_from")
        constraints = (
            models.UniqueConstraint(
                fields=("township", "effective_from"),
                name="township_status_once_a_day",
                violation_error_message="同一镇乡(街道)同一天只能有一条区划状态。",
            ),
            models.CheckConstraint(
                condition=Q(is_central_town=False) | Q(kind=TownshipKind.TOWN.value),
                name="central_town_is_a_town",
                violation_error_message="只有镇可以是中心镇。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}({self.effective_from})"

    @property
    def is_from_the_beginning(self) -> bool:
        """Whether the status was registered without a date of its own."""
        return self.effective_from == FIRST_STATUS_FROM

    @property
    def in_words(self) -> str:
        return _status_in_words(self.name, TownshipKind(self.kind), is_central_town=self.is_central_town)

    @property
    def township_class(self) -> TownshipClass:
        return class_of(TownshipKind(self.kind), is_central_town=self.is_central_town)


def _status_in_words(name: str, kind: TownshipKind, *, is_central_town: bool) -> str:
    """西店镇,镇(中心镇),甲类."""
    central = "(中心镇)" if is_central_town else ""
    return f"{name},{kind.label}{central},{class_of(kind, is_central_town=is_central_town).label}"


class GrassrootsUnitQuerySet(models.QuerySet["GrassrootsUnit"]):
    def visible_to(self, user: User) -> GrassrootsUnitQuerySet:
        return seen_by(user, self)


class GrassrootsUnit(models.Model):
    """A community, residents' committee or village 村(社区); both dates are inclusive."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="units")
    code = models.CharField("区划代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=20, choices=UnitKind.choices())
    opened_on = models.DateField("设立日期", null=True, blank=True)
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    objects = GrassrootsUnitQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(opened_on__isnull=True) | Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="unit_closes_after_it_opens",
                violation_error_message="撤销日期不能早于设立日期。",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def exists_on(self, day: date) -> bool:
        return (self.opened_on is None or self.opened_on <= day) and (self.closed_on is None or day <= self.closed_on)


class UnitName(models.Model):
    """What a unit was called up to a day, that day included; the unit itself has the name it bears now."""

    unit = models.ForeignKey(GrassrootsUnit, models.PROTECT, related_name="earlier_names")
    name = models.CharField("名称", max_length=60)
    last_day = models.DateField("使用到哪一天")

    class Meta:
        ordering = ("unit", "last_day")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "last_day"),
                name="unit_name_once_a_day",
                violation_error_message="该村(社区)这一天已登记过改名。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}(至 {self.last_day})"


class UnitChangeQuerySet(models.QuerySet["UnitChange"]):
    def live(self) -> UnitChangeQuerySet:
        return self.filter(withdrawn_at=None)


class UnitChange(models.Model):
    """From `first_day` on `later` stands in the place of `earlier`: one may follow several, and several one."""

    earlier = models.ForeignKey(GrassrootsUnit, models.PROTECT, related_name="followed_by")
    later = models.ForeignKey(GrassrootsUnit, models.PROTECT, related_name="follows")
    kind = models.CharField("变动", max_length=20, choices=UnitChangeKind.choices())
    first_day = models.DateField("执行日期")
    document = models.CharField("依据文件或原因", max_length=200, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)

    objects = UnitChangeQuerySet.as_manager()

    class Meta:
        ordering = ("first_day", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("earlier", "later"),
                condition=Q(withdrawn_at__isnull=True),
                name="unit_follows_another_once",
                violation_error_message="这两个村(社区)的变动已经登记。",
            ),
            models.CheckConstraint(
                condition=~Q(earlier=F("later")),
                name="unit_does_not_follow_itself",
                violation_error_message="村(社区)不能并入自己。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.earlier}{UnitChangeKind(self.kind).label}{self.later}({self.first_day})"


class HouseholdCountQuerySet(models.QuerySet["HouseholdCount"]):
    def visible_to(self, user: User) -> HouseholdCountQuerySet:
        return seen_by(user, self, "unit__township")

    def in_force(self) -> HouseholdCountQuerySet:
        """Approved counts that no approved count replaces."""
        return self.filter(approved_at__isnull=False).exclude(replaced_by__approved_at__isnull=False)


class HouseholdCount(models.Model):
    """Registered households 户籍户数 of a unit; counts once it is approved, until the next one takes effect (二.1)."""

    unit = models.ForeignKey(GrassrootsUnit, models.PROTECT, related_name="household_counts")
    households = models.PositiveIntegerField("户籍户数")
    residents = models.PositiveIntegerField("户籍人口", null=True, blank=True)
    counted_on = models.DateField("统计日期")
    effective_from = models.DateField("执行日期")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    objects = HouseholdCountQuerySet.as_manager()

    class Meta:
        ordering = ("unit", "effective_from", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "effective_from"),
                condition=Q(replaces__isnull=True),
                name="household_count_once_a_day",
                violation_error_message="该村(社区)在这一天已有户籍户数;更正请注明替换哪一条。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.households} 户({self.counted_on})"
