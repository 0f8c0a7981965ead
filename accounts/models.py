"""Users with one role and its scope, their saved filters, the events of what was done, the chain of seals, and the
forms that were answered."""

from collections.abc import Collection
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.enums import SCOPE_OF_ROLE, Role, Scope
from accounts.events import label_of


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, username: str, password: str, role: Role, **fields: object) -> "User":
        """A user with a usable password, already saved."""
        user = self.model(username=self.model.normalize_username(username), role=role.value, **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who logs in. A clerk belongs to one township; nobody else belongs to any."""

    username = models.CharField("用户名", max_length=60, unique=True)
    display_name = models.CharField("姓名", max_length=60, blank=True)
    role = models.CharField("角色", max_length=20, choices=Role.choices())
    township = models.ForeignKey("townships.Township", models.PROTECT, null=True, blank=True, related_name="clerks")
    is_active = models.BooleanField("可登录", default=True)
    date_joined = models.DateTimeField("建立时间", auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(
                    Q(role=Role.TOWNSHIP_CLERK.value, township__isnull=False)
                    | (~Q(role=Role.TOWNSHIP_CLERK.value) & Q(township__isnull=True))
                ),
                name="user_township_goes_with_role",
                violation_error_message="镇街经办必须属于一个镇乡(街道),其他角色不属于任何镇乡(街道)。",
            ),
        )

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def scope(self) -> Scope:
        """How far the role's reading reaches."""
        return SCOPE_OF_ROLE[Role(self.role)]

    @property
    def reads_county(self) -> bool:
        return self.scope is Scope.COUNTY

    @property
    def role_label(self) -> str:
        return Role(self.role).label


class AuditEvent(models.Model):
    """One thing done or refused. Rows are added, never changed or removed: triggers refuse both.

    `action` and `subject_type` are the verb and the subject of a declared event (accounts/events.py); `on_behalf_of`
    is another user in whose stead it was done. `sequence`, `previous_digest` and `digest` belong to the chain of
    seals; they are empty for an unchained event.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    role = models.CharField(max_length=20)
    # Columns that older events do not have are null in them.
    on_behalf_of = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    on_behalf_of_name = models.CharField(max_length=60, null=True)  # noqa: DJ001
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    subject_label = models.CharField(max_length=200, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    result = models.CharField(max_length=20)
    sequence = models.PositiveBigIntegerField(null=True, unique=True)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("subject_type", "subject_id", "action"), name="event_by_subject"),)

    def __str__(self) -> str:
        instead = f"代{self.on_behalf_of_name}" if self.on_behalf_of_name else ""
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M} {self.actor_name}{instead} {self.label}"

    @property
    def label(self) -> str:
        """What was done, in words."""
        return label_of(self.subject_type, self.action)


class SealQuerySet(models.QuerySet["Seal"]):
    def of_revisions(self, revisions: Collection[int]) -> "SealQuerySet":
        """The seals over these revisions."""
        return self.filter(revision_id__in=revisions)


class Seal(models.Model):
    """One link of the chain: what was decided of a subject, over the rows that it holds.

    `content` is the SHA-256 of the subject's stored rows, `marks` a few bytes of each row's own, which name the row
    that was changed; `digest` is a keyed hash over this link and the one before, so that nobody without the key file
    can make the chain anew (accounts/seals.py). `step` is what the event of the step tells. `format` says how rows and
    link are digested, empty for the first format, which knew no other subject than revisions and no `key`.
    `revision_id` is the revision that is sealed, empty where something else is.
    """

    OF_REVISION = "revision"

    sequence = models.PositiveBigIntegerField(unique=True)
    revision_id = models.BigIntegerField(null=True, db_index=True)
    action = models.CharField(max_length=20)
    content = models.CharField(max_length=64)
    marks = models.BinaryField()
    step = models.JSONField(null=True)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    sealed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    format = models.PositiveSmallIntegerField(null=True)
    subject_type = models.CharField(max_length=40, null=True)  # noqa: DJ001  # NULL in rows of the first format
    subject_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=16, null=True)  # noqa: DJ001  # likewise

    objects = SealQuerySet.as_manager()

    class Meta:
        db_table = "subsidies_seal"
        ordering = ("sequence",)
        indexes = (models.Index(fields=("subject_type", "subject_id"), name="seal_by_subject"),)

    def __str__(self) -> str:
        return f"第 {self.sequence} 号封存"

    @property
    def format_number(self) -> int:
        return 1 if self.format is None else self.format


class AnsweredRequest(models.Model):
    """The answer that a form token or an `Idempotency-Key` was given, to be given again (accounts/idempotency.py)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    content = models.BinaryField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "key"),
                name="one_answer_a_key",
                violation_error_message="这张表单已经办理过。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"


class SavedFilter(models.Model):
    """常用筛选: an address of a list that its user named, without the page; shown to nobody else."""

    user = models.ForeignKey(User, models.PROTECT, related_name="saved_filters")
    list_name = models.CharField("表格", max_length=20)
    name = models.CharField("名称", max_length=30)
    query = models.CharField("条件", max_length=1000, blank=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "list_name", "name"),
                name="saved_filter_of_one_name",
                violation_error_message="已有同名的常用筛选。",
            ),
        )

    def __str__(self) -> str:
        return self.name
