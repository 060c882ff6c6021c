"""Units as one tree, people, and the roles they hold in units for a time."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from .passwords import REMEMBERED, is_due
from .roles import EXCLUSIVE_ROLES, ROLES, UNIT_ROLES, Role


class UnitQuerySet(models.QuerySet):
    def departments(self):
        return self.filter(parent=None)

    def under(self, unit):
        """The unit and everything below it."""
        return self.filter(path__startswith=unit.path)

    def under_code(self, code: str):
        """The unit of that code and everything below it, where nothing else is known of the unit."""
        return self.filter(Q(path__startswith=f"{code}/") | Q(path__contains=f"/{code}/"))

    def visible_to(self, user):
        """The units whose budgets the user may see today."""
        return self.where_allowed(user, "view")

    def where_allowed(self, user, action):
        """The units in which the user may do `action` today."""
        from .rights import memberships_allowing

        reach = Q(pk__in=[])
        for membership in memberships_allowing(user, action):
            if membership.unit_id is None:
                return self
            reach |= Q(path__startswith=membership.unit.path)
        return self.filter(reach)


class Unit(models.Model):
    """A node of the unit tree: its roots are departments (566), the others units (566001)."""

    class Kind(models.TextChoices):
        ADMINISTRATIVE = "1", "行政单位"
        CIVIL_SERVANT_LIKE = "2", "参公事业单位"
        PUBLIC_INSTITUTION = "3", "事业单位"
        OTHER = "9", "其他单位"

    code = models.CharField(
        "单位代码", max_length=20, unique=True, validators=[RegexValidator(r"^\d{3,20}$", "单位代码是3至20位数字。")]
    )
    name = models.CharField("单位名称", max_length=200)
    short_name = models.CharField("单位简称", max_length=50, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name="上级单位", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    kind = models.CharField("单位性质", max_length=1, choices=Kind, default=Kind.ADMINISTRATIVE)
    division = models.CharField("财政区划", max_length=9, blank=True)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    level_note = models.CharField("预算级次说明", max_length=100, blank=True)
    is_active = models.BooleanField("在用", default=True)
    path = models.CharField("层级路径", max_length=200, editable=False, db_index=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        ordering = ("path",)

    def __str__(self):
        return f"{self.code} {self.name}"

    def save(self, *args, **kwargs):
        old = self.path
        self.path = f"{self.parent.path if self.parent else ''}{self.code}/"
        super().save(*args, **kwargs)
        if old and old != self.path:
            for below in Unit.objects.filter(parent=self):
                below.save()

    def clean(self):
        above, seen = self.parent, {self.pk}
        while above is not None:
            if above.pk in seen:
                raise ValidationError({"parent": "上级单位不能是本单位或其下级单位。"})
            seen.add(above.pk)
            above = above.parent

    @property
    def is_department(self) -> bool:
        return self.parent_id is None

    @property
    def department_code(self) -> str:
        return self.path.split("/", 1)[0]


class User(AbstractUser):
    """A person who logs in. What they may do is in their memberships, not in groups."""

    class AmountUnit(models.TextChoices):
        WAN = "万元", "万元"
        YUAN = "元", "元"

    first_name = None
    last_name = None
    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("姓名", max_length=50)
    phone = models.CharField("联系电话", max_length=30, blank=True)
    amount_unit = models.CharField("金额显示单位", max_length=2, choices=AmountUnit, default=AmountUnit.WAN)
    must_change_password = models.BooleanField("下次登录须修改密码", default=False)
    password_set = models.DateTimeField("密码设置时间", null=True, editable=False)
    session_number = models.PositiveIntegerField("会话批号", default=0, editable=False)
    hidden_columns = models.JSONField("列表中不显示的列", default=dict, blank=True, editable=False)

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"

    def __str__(self):
        return self.name or self.username

    def save(self, *args, **kwargs):
        is_set = self._state.adding or self._password is not None  # neither where only the hash is made stronger
        if is_set:
            self.password_set = timezone.now()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "password_set"}
        super().save(*args, **kwargs)
        if is_set and self.password and self.has_usable_password():
            UsedPassword.objects.create(user=self, password=self.password)
            kept = self.used_passwords.values("pk")[:REMEMBERED]
            self.used_passwords.exclude(pk__in=[one["pk"] for one in kept]).delete()

    def get_session_auth_hash(self):
        """What every session of the person carries; with another number none of them is valid any more."""
        return f"{super().get_session_auth_hash()}.{self.session_number}"

    def get_session_auth_fallback_hash(self):
        return (f"{one}.{self.session_number}" for one in super().get_session_auth_fallback_hash())

    def end_sessions(self) -> None:
        """The next request of each of the person's sessions is refused."""
        User.objects.filter(pk=self.pk).update(session_number=F("session_number") + 1)

    @property
    def password_is_due(self) -> bool:
        return is_due(self)

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @property
    def holds_a_role(self) -> bool:
        """Whether any role is in force today."""
        from .rights import memberships_of

        return bool(memberships_of(self))


class UsedPassword(models.Model):
    """The hash of a password that a person has or had; the last few only, so that they are not taken again."""

    user = models.ForeignKey(User, verbose_name="用户", on_delete=models.CASCADE, related_name="used_passwords")
    password = models.CharField("密码摘要", max_length=128)

    class Meta:
        verbose_name = "用过的密码"
        verbose_name_plural = "用过的密码"
        ordering = ("-pk",)

    def __str__(self):
        return f"{self.user_id}"


class SecondFactor(models.Model):
    """What a person's authenticator shares with us, sealed.

    `last_step`: no code of that half minute or before is taken.
    """

    user = models.OneToOneField(User, verbose_name="用户", on_delete=models.CASCADE, related_name="second_factor")
    secret = models.CharField("密钥", max_length=300, help_text="以服务器密钥加密保存。")
    confirmed = models.DateTimeField("启用时间", null=True)
    last_step = models.PositiveBigIntegerField("最近用过的时段", default=0)
    failures = models.PositiveSmallIntegerField("连续输错次数", default=0)
    locked_until = models.DateTimeField("锁定至", null=True)

    class Meta:
        verbose_name = "第二因素"
        verbose_name_plural = "第二因素"

    def __str__(self):
        return f"{self.user}的第二因素"


class RecoveryCode(models.Model):
    """A code for one log-in without the authenticator; its digest only."""

    factor = models.ForeignKey(
        SecondFactor, verbose_name="第二因素", on_delete=models.CASCADE, related_name="recovery_codes"
    )
    digest = models.CharField("摘要", max_length=64)
    used = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = "恢复码"
        verbose_name_plural = "恢复码"
        constraints = [models.UniqueConstraint(name="recoverycode_is_given_once", fields=("factor", "digest"))]

    def __str__(self):
        return f"{self.factor_id}"


class MembershipQuerySet(models.QuerySet):
    def current(self, day=None):
        """In force on that day (today in Beijing); what was delegated only while who gave it holds the role."""
        day = day or timezone.localdate()
        lasting = Q(Q(ends=None) | Q(ends__gte=day), starts__lte=day)
        given = Membership.objects.filter(lasting, delegated_by=None, user__is_active=True).filter(
            Q(unit=None) | Q(unit=OuterRef("unit")), user=OuterRef("delegated_by"), role=OuterRef("role")
        )
        return self.filter(lasting).filter(Q(delegated_by=None) | Exists(given))


class Membership(models.Model):
    """A role that a person holds in a unit (and all below it) for a period; without a unit: everywhere."""

    user = models.ForeignKey(User, verbose_name="用户", on_delete=models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(
        Unit, verbose_name="单位", on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    role = models.CharField("角色", max_length=20, choices=Role)
    starts = models.DateField("生效日期", default=timezone.localdate)
    ends = models.DateField("终止日期", null=True, blank=True)
    delegated_by = models.ForeignKey(
        User, verbose_name="委托人", on_delete=models.PROTECT, null=True, blank=True, related_name="delegations"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        ordering = ("user", "starts", "pk")
        constraints = [
            models.CheckConstraint(
                name="membership_unit_role_has_unit",
                condition=Q(role__in=sorted(UNIT_ROLES), unit__isnull=False)
                | Q(role__in=sorted(set(ROLES) - UNIT_ROLES), unit__isnull=True),
                violation_error_message="单位、主管部门和业务处室的角色须指定单位；其他角色不指定单位。",
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(ends=None) | Q(ends__gte=F("starts")),
                violation_error_message="终止日期不能早于生效日期。",
            ),
            models.CheckConstraint(
                name="membership_delegated_ends",
                condition=Q(delegated_by=None) | Q(ends__isnull=False),
                violation_error_message="委托的任职须有终止日期。",
            ),
            models.UniqueConstraint(
                name="membership_is_given_once_in_a_unit",
                fields=("user", "unit", "role", "starts"),
                violation_error_message="该用户在该单位已有同一角色。",
            ),
            models.UniqueConstraint(
                name="membership_is_given_once_everywhere",
                fields=("user", "role", "starts"),
                condition=Q(unit=None),
                violation_error_message="该用户已有同一角色。",
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.get_role_display()}" + (f" · {self.unit.name}" if self.unit else "")

    def clean(self):
        others = Membership.objects.filter(user=self.user).exclude(pk=self.pk)
        roles = {membership.role for membership in others if self._overlaps(membership)} | {self.role}
        if len(roles) > 1 and roles & EXCLUSIVE_ROLES:
            raise ValidationError({"role": "系统管理员、安全管理员、审计管理员不能与其他角色由同一人担任。"})

    def _overlaps(self, other) -> bool:
        return (self.ends is None or other.starts <= self.ends) and (other.ends is None or self.starts <= other.ends)
