"""Lines: the facts. An amount with dimensions, strict: no dimension is null, no amount is nothing."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from budget.fields import AmountField
from budget.reporting.money import WAN, YUAN

from .classifications import DepartmentEconomicClass, FunctionalClass, FundSource, GovernmentEconomicClass
from .rows import BudgetRow, ItemRow


class Origin(models.TextChoices):
    """Where the figures of a row come from, as long as nobody has looked at them."""

    TYPED = "", "录入"
    COPIED = "copied", "从上年带入"
    PRESUMED = "presumed", "推定"


class LineQuerySet(models.QuerySet):
    def of(self, *budgets):
        return self.filter(item__budget__in=budgets)

    def visible_to(self, user):
        from organisation.models import Unit

        return self.filter(item__budget__unit__in=Unit.objects.visible_to(user))

    def unchecked(self):
        """Lines that were copied or presumed and that nobody has looked at since."""
        return self.exclude(origin="")

    def with_dimensions(self):
        """Everything a line is printed with, in one query."""
        return self.select_related("item__budget__unit", "function", "economic", "government", "fund")


class Line(ItemRow):
    """One budget line: item × function × both economic classes × fund × this year's or carried over → amount (元)."""

    function = models.ForeignKey(
        FunctionalClass, verbose_name="功能分类", on_delete=models.PROTECT, related_name="lines"
    )
    economic = models.ForeignKey(
        DepartmentEconomicClass, verbose_name="部门经济分类", on_delete=models.PROTECT, related_name="lines"
    )
    government = models.ForeignKey(
        GovernmentEconomicClass, verbose_name="政府经济分类", on_delete=models.PROTECT, related_name="lines"
    )
    fund = models.ForeignKey(FundSource, verbose_name="资金性质", on_delete=models.PROTECT, related_name="lines")
    carried_over = models.BooleanField("上年结转结余", default=False)
    amount = AmountField("金额（元）")
    is_procurement = models.BooleanField("政府采购", default=False)
    is_asset = models.BooleanField("新增资产", default=False)
    is_purchased_service = models.BooleanField("购买服务", default=False)
    origin = models.CharField("来历", max_length=10, choices=Origin, default=Origin.TYPED, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = "预算明细"
        verbose_name_plural = "预算明细"
        ordering = ("item__position", "function__code", "economic__code", "pk")
        constraints = [
            *ItemRow.Meta.constraints,
            models.UniqueConstraint(
                name="line_is_one_for_its_dimensions",
                fields=("item", "function", "economic", "government", "fund", "carried_over"),
                violation_error_message="项目、科目、资金性质完全相同的明细已存在，请合并金额。",
            ),
            models.CheckConstraint(
                name="line_amount_is_positive", condition=Q(amount__gt=0), violation_error_message="金额须大于0。"
            ),
            models.CheckConstraint(
                name="line_amount_is_below_the_limit",
                condition=Q(amount__lt=10**13),
                violation_error_message="金额须小于10万亿元。",
            ),
        ]
        indexes = [models.Index(name="line_of_procurement", fields=("item",), condition=Q(is_procurement=True))]

    def __str__(self):
        return f"{self.item.name} {self.function.code}/{self.economic.code}"

    def clean(self):
        """What the constraints cannot say: leaf codes of the year's edition, and 未细化 only where it is allowed."""
        item, campaign = self.item, self.item.budget.campaign
        edition = campaign.edition_id
        codes = {name: getattr(self, name) for name in ("function", "economic", "government", "fund")}
        errors = {}
        for name, code in codes.items():
            if code.edition_id != edition:
                errors[name] = f"{code.code} 不属于{campaign.year}年科目。"
            elif not code.is_leaf:
                errors[name] = f"{code} 不是末级科目，请细化。"
        if codes["function"].is_unspecified and not campaign.allow_unspecified_function:
            errors["function"] = "请填写功能分类的项级科目。"
        for name in ("economic", "government"):
            if codes[name].is_unspecified and not (item.is_project and campaign.allow_unspecified_economic):
                errors[name] = "基本支出的经济分类须细化到款。" if not item.is_project else "请填写经济分类。"
        if self.amount is not None:
            if self.amount <= 0:
                errors["amount"] = "金额须大于0。"
            elif (self.amount * 100) % campaign.entry_step:
                errors["amount"] = f"金额须是{campaign.get_entry_step_display()}的整数倍。"
        if errors:
            raise ValidationError(errors)


class DraftRow(BudgetRow):
    """A row as it was typed while it is not yet a line: shown with its errors, never printed, blocking submission.

    `cells`: what was typed, by column of the grid; amounts in `amount_unit`. Without `item` it is of basic spending.
    """

    item = models.ForeignKey(
        "budget.Item", verbose_name="项目", on_delete=models.CASCADE, null=True, blank=True, related_name="draftrows"
    )
    cells = models.JSONField("单元格", default=dict, blank=True)
    amount_unit = models.CharField("金额单位", max_length=2, choices=[(YUAN, YUAN), (WAN, WAN)], default=WAN)
    after = models.UUIDField("前一行", null=True, blank=True)
    origin = models.CharField("来历", max_length=10, choices=Origin, default=Origin.TYPED, blank=True)
    position = models.PositiveIntegerField("顺序", default=0)
    typed_by = models.ForeignKey(
        "organisation.User", verbose_name="录入人", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "未完成行"
        verbose_name_plural = "未完成行"
        ordering = ("position", "pk")
        constraints = [*BudgetRow.Meta.constraints]

    def __str__(self):
        return f"第{self.position}行（未完成）"


class IncomeEstimate(BudgetRow):
    """Income estimated apart from spending (元): non-fiscal funds, or a planned carry-out.

    Estimate − spending of the fund = 年终结转结余.
    """

    fund = models.ForeignKey(
        FundSource, verbose_name="资金性质", on_delete=models.PROTECT, related_name="income_estimates"
    )
    carried_over = models.BooleanField("上年结转结余", default=False)
    amount = AmountField("金额（元）")
    basis = models.CharField("测算依据", max_length=500, blank=True)

    class Meta:
        verbose_name = "收入测算"
        verbose_name_plural = "收入测算"
        ordering = ("fund__code", "carried_over")
        constraints = [
            *BudgetRow.Meta.constraints,
            models.UniqueConstraint(
                name="incomeestimate_is_one_for_its_fund",
                fields=("budget", "fund", "carried_over"),
                violation_error_message="该资金性质的收入已测算。",
            ),
            models.CheckConstraint(
                name="incomeestimate_amount_is_positive",
                condition=Q(amount__gt=0),
                violation_error_message="金额须大于0。",
            ),
        ]

    def __str__(self):
        return f"{self.fund} 收入测算"

    def clean(self):
        if not self.fund.is_leaf or self.fund.edition_id != self.budget.campaign.edition_id:
            raise ValidationError({"fund": f"{self.fund} 不是本年度的末级资金性质。"})
