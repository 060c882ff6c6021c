"""Who takes which step of a stage, what happened to a budget on its way, and what it may spend at most."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from budget.fields import AmountField
from organisation.models import Unit
from organisation.roles import ROLES, UNIT_ROLES, Role

from .cycle import Budget, CampaignStage

REVIEWING_ROLES = tuple(role for role, powers in ROLES.items() if "review" in powers.actions)


class ReviewStep(models.Model):
    """A step of the review of a stage, and the role that takes it."""

    stage = models.ForeignKey(CampaignStage, verbose_name="编制阶段", on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("步骤", max_length=40)
    role = models.CharField("审核角色", max_length=20, choices=[(one, Role(one).label) for one in REVIEWING_ROLES])
    due = models.DateField("截止日期", null=True, blank=True)

    class Meta:
        verbose_name = "审核步骤"
        verbose_name_plural = "审核步骤"
        ordering = ("stage", "order")
        constraints = [
            models.UniqueConstraint(
                name="reviewstep_order_is_unique_in_its_stage",
                fields=("stage", "order"),
                violation_error_message="同一阶段中审核步骤的顺序不能重复。",
            ),
            models.CheckConstraint(
                name="reviewstep_order_counts_from_one",
                condition=Q(order__gte=1),
                violation_error_message="顺序从1开始。",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_of_unit(self) -> bool:
        """Whether the role is held in a unit, not everywhere."""
        return self.role in UNIT_ROLES


class Transition(models.Model):
    """A move of a budget from one state to another: who, when, why. Only ever added."""

    class Move(models.TextChoices):
        OPEN = "open", "开始编制"
        SUBMIT = "submit", "送审"
        WITHDRAW = "withdraw", "撤回"
        PASS = "pass", "通过"
        RETURN = "return", "退回"
        APPROVE = "approve", "批复"
        REOPEN = "reopen", "重新打开"

    budget = models.ForeignKey(Budget, verbose_name="预算", on_delete=models.CASCADE, related_name="transitions")
    move = models.CharField("动作", max_length=10, choices=Move)
    from_state = models.CharField("原状态", max_length=10, choices=Budget.State, blank=True)
    to_state = models.CharField("新状态", max_length=10, choices=Budget.State)
    from_step = models.PositiveSmallIntegerField("原步骤", default=0)
    step = models.PositiveSmallIntegerField("步骤", default=0)
    step_name = models.CharField("步骤名称", max_length=40, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="办理人", on_delete=models.PROTECT, null=True, related_name="+"
    )
    by_name = models.CharField("办理人姓名", max_length=60)
    at = models.DateTimeField("时间")
    reason = models.CharField("理由", max_length=1000, blank=True)

    class Meta:
        verbose_name = "流转记录"
        verbose_name_plural = "流转记录"
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                name="transition_back_has_a_reason",
                condition=~Q(move__in=("return", "reopen")) | ~Q(reason=""),
                violation_error_message="退回和重新打开须写明理由。",
            ),
        ]

    def __str__(self):
        return f"{self.get_move_display()}：{self.budget}"

    @property
    def unit(self):
        return self.budget.unit


class ControlNumber(models.Model):
    """控制数: what a unit (or a department with all its units) may plan at most in a stage, this year's money (元).

    Money brought over from last year is not counted.
    """

    class Fund(models.TextChoices):
        ALL = "", "全部资金"
        APPROPRIATION = "1", "财政拨款（三本预算）"
        GENERAL = "11", "一般公共预算"
        GOVERNMENT_FUND = "12", "政府性基金预算"
        STATE_CAPITAL = "13", "国有资本经营预算"
        SPECIAL_ACCOUNT = "2", "财政专户管理资金"
        UNIT_FUNDS = "3", "单位资金"

    class Kind(models.TextChoices):
        TOTAL = "total", "支出合计"
        BASIC = "basic", "基本支出"
        PROJECT = "project", "项目支出"
        THREE_PUBLIC = "three_public", "“三公”经费"

    stage = models.ForeignKey(
        CampaignStage, verbose_name="编制阶段", on_delete=models.PROTECT, related_name="control_numbers"
    )
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="control_numbers")
    fund = models.CharField("资金", max_length=2, choices=Fund, default=Fund.ALL, blank=True)
    kind = models.CharField("控制范围", max_length=12, choices=Kind, default=Kind.TOTAL)
    amount = AmountField("控制数（元）")
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "控制数"
        verbose_name_plural = "控制数"
        ordering = ("stage", "unit__path", "kind", "fund")
        constraints = [
            models.UniqueConstraint(
                name="controlnumber_is_one_for_its_scope",
                fields=("stage", "unit", "fund", "kind"),
                violation_error_message="该单位已有同一范围的控制数。",
            ),
            models.CheckConstraint(
                name="controlnumber_amount_is_not_negative",
                condition=Q(amount__gte=0) & Q(amount__lt=10**13),
                violation_error_message="控制数不能小于0，并须小于10万亿元。",
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.scope}"

    @property
    def scope(self) -> str:
        """What it limits, in words: 一般公共预算 · 基本支出."""
        return (
            self.get_kind_display() if self.fund == self.Fund.ALL else f"{self.get_fund_display()} · {self.kind_name}"
        )

    @property
    def kind_name(self) -> str:
        return self.get_kind_display()
