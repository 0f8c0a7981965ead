"""People, their postings and what belongs to a posting: contracts, wages, suspensions; imports; grants of places."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Deferrable, Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from foundation.constraints import PostgresExclusion
from foundation.crypto import blind_index, decrypt
from foundation.money import MoneyField
from staffing.enums import ContractKind, Education, Position, Sex, SuspensionKind
from townships.models import GrassrootsUnit, Township, seen_by
from townships.places import comparable

if TYPE_CHECKING:
    from accounts.models import User

TAIL = 4


def tail_index(national_id: str) -> str:
    """The keyed index of the last four characters of an id number, or of its tail."""
    return blind_index("national_id_tail", national_id[-TAIL:])


def _inclusive_range() -> Func:
    return Func(
        F("started_on"),
        F("ended_on"),
        RangeBoundary(inclusive_lower=True, inclusive_upper=True),
        function="DATERANGE",
        output_field=DateRangeField(),
    )


def _ends_after_it_starts(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
        name=name,
        violation_error_message="结束日期不能早于开始日期。",
    )


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: User) -> ImportBatchQuerySet:
        """The county's readers see every import, a clerk those of the own township."""
        return seen_by(user, self)


class ImportBatch(models.Model):
    """One import of a file, so that what it brought can be named and undone.

    `township` is the one the import was limited to; none for the whole county. Undoing withdraws the postings it
    brought; what it changed of others is told by `changes` and stays.
    """

    kind = models.CharField("种类", max_length=20)
    sha256 = models.CharField(max_length=64)
    township = models.ForeignKey(Township, models.PROTECT, null=True, blank=True, related_name="import_batches")
    imported_at = models.DateTimeField("导入时间", auto_now_add=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_count = models.PositiveIntegerField("新增", default=0)
    changed_count = models.PositiveIntegerField("变更", default=0)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_reason = models.CharField("撤销原因", max_length=200, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_reason="")
                | (Q(undone_at__isnull=False) & ~Q(undone_reason="")),
                name="import_undone_with_a_reason",
                violation_error_message="撤销一次导入须写明原因。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {timezone.localtime(self.imported_at):%Y-%m-%d %H:%M}"


class PendingImportQuerySet(models.QuerySet["PendingImport"]):
    def visible_to(self, user: User) -> PendingImportQuerySet:
        """The user's own uploads: nobody sees those of others."""
        return self.filter(owner=user.pk)


class PendingImport(models.Model):
    """An uploaded file that waits to be confirmed, with what its import would do; both encrypted, for an hour.

    Once confirmed only the fact remains, so that a second click finds it done. `batch`: what it brought, if anything.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField("种类", max_length=20)
    uploaded_at = models.DateTimeField("上传时间")
    expires_at = models.DateTimeField("失效时间", db_index=True)
    file_encrypted = models.BinaryField(null=True, editable=False)
    result_encrypted = models.BinaryField(null=True, editable=False)
    confirmed_at = models.DateTimeField("确认时间", null=True)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")

    objects = PendingImportQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, file_encrypted__isnull=False, result_encrypted__isnull=False)
                | Q(confirmed_at__isnull=False, file_encrypted__isnull=True, result_encrypted__isnull=True),
                name="pending_import_is_emptied_by_confirming",
                violation_error_message="已确认的导入不再保留文件。",
            ),
        )

    def __str__(self) -> str:
        return f"待确认的导入 {self.pk}"

    def is_expired(self, now: datetime) -> bool:
        return self.expires_at <= now


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

    def with_national_id(self, national_id: str) -> PersonQuerySet:
        """Whoever has this id number (normalised, 18 characters)."""
        return self.filter(national_id_index=blind_index("national_id", national_id))


class Person(models.Model):
    """人员. The id number is encrypted, found by keyed indexes of the whole and its last characters, shown masked.

    `initials` are every way to spell the name, each after a space; identity.py sets them with the name.
    """

    name = models.CharField("姓名", max_length=60)
    initials = models.CharField("拼音首字母", max_length=200, blank=True, default="", db_default="", editable=False)
    national_id_encrypted = models.BinaryField(null=True, editable=False)
    national_id_index = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    national_id_masked = models.CharField(max_length=18, blank=True, editable=False)
    national_id_tail_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    sex = models.CharField("性别", max_length=10, blank=True, choices=Sex.choices())
    born_on = models.DateField("出生日期", null=True, blank=True)
    education = models.CharField("学历", max_length=20, blank=True, choices=Education.choices())
    has_computer_skill = models.BooleanField("熟悉计算机操作", null=True, blank=True)
    phone_encrypted = models.BinaryField(null=True, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_records")

    objects = PersonQuerySet.as_manager()

    class Meta:
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


class PostingQuerySet(models.QuerySet["Posting"]):
    def visible_to(self, user: User) -> PostingQuerySet:
        return seen_by(user, self)

    def of_person(self, person: Person) -> PostingQuerySet:
        """Of the record and of those that are merged into it."""
        return self.filter(person__in=Person.objects.filter(Q(pk=person.pk) | Q(merged_into=person)).values("pk"))

    def in_service_on(self, day: date) -> PostingQuerySet:
        """Between first and last day, suspended or not."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day), withdrawn_at=None, started_on__lte=day)

    def going_on_after(self, day: date) -> PostingQuerySet:
        """In service on some day after this one."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), withdrawn_at=None)

    def contract_ending_within(self, number: int, day: date) -> PostingQuerySet:
        """Whose contract in force on `day` ends on one of the next `number` days and has no successor yet."""
        in_force = Contract.objects.filter(posting=OuterRef("pk"), started_on__lte=day).order_by("-started_on")
        later = Contract.objects.filter(posting=OuterRef("pk"), started_on__gt=day)
        ending = self.alias(contract_ends=Subquery(in_force.values("ended_on")[:1]))
        return ending.filter(~Exists(later), contract_ends__range=(day, day + timedelta(days=number)))


class Posting(models.Model):
    """在岗记录: one person on one post of one township or unit; both dates are days on post."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="postings")
    township = models.ForeignKey(Township, models.PROTECT, related_name="postings")
    unit = models.ForeignKey(GrassrootsUnit, models.PROTECT, null=True, blank=True, related_name="postings")
    position = models.CharField("岗位类别", max_length=30, choices=Position.choices())
    is_full_time = models.BooleanField("专职", null=True, blank=True)
    started_on = models.DateField("到岗日期")
    ended_on = models.DateField("离岗日期", null=True, blank=True)
    end_reason = models.CharField("离岗原因", max_length=200, blank=True)
    recruitment_source = models.CharField("人员来源", max_length=100, blank=True)
    recruitment_notice = models.CharField("招聘公告", max_length=200, blank=True)
    # None where it is not known, for example because the roster has no such column.
    recruitment_recorded = models.BooleanField("有招聘记录", null=True, blank=True)
    note = models.CharField("备注", max_length=500, blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    import_batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="postings")

    objects = PostingQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("township", "position", "started_on"), name="posting_by_place"),)
        constraints = (
            _ends_after_it_starts("posting_ends_after_it_starts"),
            models.CheckConstraint(
                condition=(
                    Q(position__in=[Position.PLATFORM_STAFF.value, Position.ASSISTANT.value], unit__isnull=True)
                    | Q(
                        position__in=[Position.COMMUNITY_COORDINATOR.value, Position.VILLAGE_COORDINATOR.value],
                        unit__isnull=False,
                    )
                ),
                name="posting_has_the_place_of_its_position",
                violation_error_message="协管员必须填写村(社区),协理员和平台工作人员不填。",
            ),
            models.CheckConstraint(
                condition=Q(recruitment_source="", recruitment_notice="")
                | Q(recruitment_recorded__isnull=False, recruitment_recorded=True),
                name="posting_recruitment_is_recorded_where_stated",
                violation_error_message="填写了人员来源或招聘公告的,即有招聘记录。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="posting_withdrawn_with_a_reason",
                violation_error_message="撤销在岗记录须写明原因。",
            ),
            PostgresExclusion(
                name="posting_not_twice_at_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("township", RangeOperators.EQUAL),
                    (Coalesce(F("unit"), Value(0), output_field=models.BigIntegerField()), RangeOperators.EQUAL),
                    ("position", RangeOperators.EQUAL),
                    (_inclusive_range(), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at__isnull=True),
                # Asked at the end of a statement, so that one statement may move two postings past each other.
                deferrable=Deferrable.IMMEDIATE,
            ),
        )

    def __str__(self) -> str:
        return f"在岗记录 {self.pk}"


class ImportedChange(models.Model):
    """What an import changed of a posting that was there before, in words."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="changes")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="imported_changes")
    words = models.TextField("变更内容")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("batch", "posting"),
                name="imported_change_once",
                violation_error_message="一次导入对一条在岗记录只记一条变更。",
            ),
        )

    def __str__(self) -> str:
        return self.words


class Contract(models.Model):
    """劳动合同 of a posting; no end means an open-ended one."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="contracts")
    number = models.CharField("合同编号", max_length=80, blank=True)
    started_on = models.DateField("合同起始")
    ended_on = models.DateField("合同终止", null=True, blank=True)
    kind = models.CharField("合同类型", max_length=20, blank=True, choices=ContractKind.choices())
    employer = models.CharField("用工单位", max_length=100, blank=True)

    class Meta:
        constraints = (
            _ends_after_it_starts("contract_ends_after_it_starts"),
            PostgresExclusion(
                name="contracts_of_a_posting_do_not_overlap",
                expressions=[("posting", RangeOperators.EQUAL), (_inclusive_range(), RangeOperators.OVERLAPS)],
                deferrable=Deferrable.IMMEDIATE,
            ),
        )

    def __str__(self) -> str:
        return self.number or f"合同 {self.pk}"


class Wage(models.Model):
    """工资 of a posting from a day on, in yuan a month; the next one ends it. Unknown parts are empty."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="wages")
    effective_from = models.DateField("执行日期")
    monthly_wage = MoneyField("月工资", null=True, blank=True)
    employer_insurance = MoneyField("单位社保", null=True, blank=True)
    housing_fund = MoneyField("住房公积金", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("posting", "effective_from"),
                name="wage_once_a_day",
                violation_error_message="同一天只能有一条工资记录。",
            ),
        )

    def __str__(self) -> str:
        return f"工资 {self.effective_from}"


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def live(self) -> SuspensionQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Suspension(models.Model):
    """停发: days on which a posting is not on post; both dates inclusive, no end means until further notice.

    A withdrawn one was entered by mistake and stays to be read.
    """

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="suspensions")
    kind = models.CharField("种类", max_length=20, choices=SuspensionKind.choices())
    started_on = models.DateField("停发起始")
    ended_on = models.DateField("停发终止", null=True, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        constraints = (
            _ends_after_it_starts("suspension_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="suspension_withdrawn_with_a_reason",
                violation_error_message="撤销停发须写明原因。",
            ),
        )

    def __str__(self) -> str:
        return f"停发 {self.started_on}"


class EstablishmentGrant(models.Model):
    """增配批复: extra assistants of a township between two inclusive dates; counts once approved (一.2)."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="grants")
    extra = models.PositiveSmallIntegerField("增配人数")
    effective_from = models.DateField("执行日期")
    ended_on = models.DateField("终止日期", null=True, blank=True)
    document = models.CharField("批复文件", max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("effective_from")),
                name="grant_ends_after_it_starts",
                violation_error_message="终止日期不能早于执行日期。",
            ),
            models.CheckConstraint(
                condition=Q(extra__gte=1), name="grant_is_positive", violation_error_message="增配人数至少 1 人。"
            ),
        )

    def __str__(self) -> str:
        return f"{self.township} 增配 {self.extra} 人({self.effective_from})"


class GrantEnding(models.Model):
    """增配终止: an earlier last day of an approved grant, on a document of its own; the grant has it once approved."""

    grant = models.ForeignKey(EstablishmentGrant, models.PROTECT, related_name="endings")
    last_day = models.DateField("终止日期")
    document = models.CharField("依据文件", max_length=200)
    reason = models.CharField("终止原因", max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("grant",),
                condition=Q(approved_at__isnull=True),
                name="grant_ending_waits_once",
                violation_error_message="这份批复已有一次终止在等待审核。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.grant}终止于 {self.last_day}"
