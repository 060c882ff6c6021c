"""Goals and indicators: of the department as a whole (table 14) and of each project (table 15)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from budget.models import BudgetRow, ItemRow

from . import values


class Operator(models.TextChoices):
    """How the target is to be met; 定性 means it is no number."""

    AT_LEAST = "≥", "≥"
    AT_MOST = "≤", "≤"
    ABOVE = ">", ">"
    BELOW = "<", "<"
    EQUAL = "=", "="
    QUALITATIVE = "定性", "定性"


class IndicatorFields(models.Model):
    """What an indicator is: operator, target and unit. A number has an operator and, where it counts things, a unit.

    `wording`: the value as the office wrote it, where the tables would print the parts otherwise (不低于95%).
    """

    name = models.CharField("三级指标", max_length=100)
    operator = models.CharField("计算符号", max_length=2, choices=Operator)
    target = models.CharField("指标值", max_length=60)
    measure = models.CharField("计量单位", max_length=20, blank=True)
    wording = models.CharField("指标值原文", max_length=80, blank=True, default="")
    explanation = models.CharField("指标值说明", max_length=2000, blank=True)
    weight = models.DecimalField("权重", max_digits=5, decimal_places=2, null=True, blank=True)
    position = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_operator_is_known",
                condition=Q(operator__in=Operator.values),
                violation_error_message="计算符号不正确。",
            ),
            models.CheckConstraint(
                name="%(class)s_weight_is_a_share",
                condition=Q(weight=None) | Q(weight__gte=0, weight__lte=100),
                violation_error_message="权重在0到100之间。",
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.printed}"

    def clean(self):
        if self.operator != Operator.QUALITATIVE and not values.is_number(self.target):
            raise ValidationError({"target": "有计算符号的指标值须是数字；定性指标请选“定性”。"})

    @property
    def printed(self) -> str:
        return values.printed(self.operator, self.target, self.measure, self.wording)


class DepartmentGoal(BudgetRow):
    """年度履职目标."""

    SENTENCES = ("text",)

    position = models.PositiveIntegerField("顺序", default=0)
    text = models.CharField("年度履职目标", max_length=2000)

    class Meta:
        verbose_name = "年度履职目标"
        verbose_name_plural = "年度履职目标"
        ordering = ("position", "pk")
        constraints = [*BudgetRow.Meta.constraints]

    def __str__(self):
        return self.text[:30]


class DepartmentTask(BudgetRow):
    """年度主要任务."""

    SENTENCES = ("name", "content")

    position = models.PositiveIntegerField("顺序", default=0)
    name = models.CharField("任务名称", max_length=200)
    content = models.CharField("主要内容", max_length=2000)

    class Meta:
        verbose_name = "年度主要任务"
        verbose_name_plural = "年度主要任务"
        ordering = ("position", "pk")
        constraints = [*BudgetRow.Meta.constraints]

    def __str__(self):
        return self.name


class DepartmentIndicator(BudgetRow, IndicatorFields):
    """A row of the department's indicators (table 14)."""

    class Level1(models.TextChoices):
        INPUT = "投入管理指标", "投入管理指标"
        OUTPUT = "产出指标", "产出指标"
        BENEFIT = "效益指标", "效益指标"

    level_1 = models.CharField("一级指标", max_length=20, choices=Level1)
    level_2 = models.CharField("二级指标", max_length=40)

    class Meta:
        verbose_name = "部门整体绩效指标"
        verbose_name_plural = "部门整体绩效指标"
        ordering = ("position", "pk")
        constraints = [*BudgetRow.Meta.constraints, *IndicatorFields.Meta.constraints]


class ProjectGoal(ItemRow):
    """绩效目标 of a project, in words."""

    SENTENCES = ("text",)

    text = models.CharField("绩效目标", max_length=2000)

    class Meta:
        verbose_name = "项目绩效目标"
        verbose_name_plural = "项目绩效目标"
        constraints = [
            *ItemRow.Meta.constraints,
            models.UniqueConstraint(
                name="projectgoal_is_one_an_item", fields=("item",), violation_error_message="该项目的绩效目标已填写。"
            ),
        ]

    def __str__(self):
        return self.text[:30]


class ProjectIndicator(ItemRow, IndicatorFields):
    """A row of a project's indicators (table 15)."""

    class Level1(models.TextChoices):
        COST = "成本指标", "成本指标"
        OUTPUT = "产出指标", "产出指标"
        BENEFIT = "效益指标", "效益指标"
        SATISFACTION = "满意度指标", "满意度指标"

    level_1 = models.CharField("一级指标", max_length=20, choices=Level1)
    level_2 = models.CharField("二级指标", max_length=40, blank=True)

    class Meta:
        verbose_name = "项目绩效指标"
        verbose_name_plural = "项目绩效指标"
        ordering = ("position", "pk")
        constraints = [*ItemRow.Meta.constraints, *IndicatorFields.Meta.constraints]
