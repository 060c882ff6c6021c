"""The dossier of a project: what it is for, on what basis, how long, what is published of it."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from budget.fields import AmountField
from budget.models import DepartmentEconomicClass, FundSource, ItemRow
from budget.reporting import money


class Dossier(ItemRow):
    """What is said of a project beside its money. Names and numbers are the item's; the money is its lines'.

    `continues`: the uid of the item it goes on with from the year before.
    """

    SENTENCES = ("overview", "basis", "necessity", "feasibility", "plan", "costing")

    overview = models.TextField("项目概述", blank=True)
    basis = models.TextField("设立依据", blank=True)
    necessity = models.TextField("必要性", blank=True)
    feasibility = models.TextField("可行性", blank=True)
    plan = models.TextField("实施方案", blank=True)
    costing = models.TextField("经费测算", blank=True)
    start_year = models.PositiveSmallIntegerField("开始年度", null=True, blank=True)
    end_year = models.PositiveSmallIntegerField("结束年度", null=True, blank=True)
    total_amount = AmountField("项目总额（元）", null=True, blank=True)
    spent_before = AmountField("以前年度已安排（元）", null=True, blank=True)
    continues = models.UUIDField("延续项目", null=True, blank=True, default=None)
    is_key = models.BooleanField("重点项目", default=False)
    is_construction = models.BooleanField("基本建设", default=False)
    is_information_system = models.BooleanField("信息化", default=False)
    is_withheld = models.BooleanField("不公开", default=False)
    public_name = models.CharField("公开时的名称", max_length=180, blank=True)
    withheld_reason = models.CharField("不公开的理由", max_length=500, blank=True)
    contact = models.CharField("联系人", max_length=50, blank=True)
    contact_phone = models.CharField("联系电话", max_length=30, blank=True)

    class Meta:
        verbose_name = "项目档案"
        verbose_name_plural = "项目档案"
        constraints = [
            *ItemRow.Meta.constraints,
            models.UniqueConstraint(
                name="dossier_is_one_an_item", fields=("item",), violation_error_message="该项目已有档案。"
            ),
            models.CheckConstraint(
                name="dossier_ends_after_it_starts",
                condition=Q(start_year=None) | Q(end_year=None) | Q(end_year__gte=models.F("start_year")),
                violation_error_message="结束年度不能早于开始年度。",
            ),
            models.CheckConstraint(
                name="dossier_withheld_has_a_reason",
                condition=Q(is_withheld=False) | (~Q(withheld_reason="") & ~Q(public_name="")),
                violation_error_message="不公开的项目须写明理由和公开时的名称。",
            ),
        ]

    def __str__(self):
        return f"{self.item.name} 档案"

    def clean(self):
        if not self.item.is_project:
            raise ValidationError("只有项目支出（其他运转类、特定目标类）才有项目档案。")


class CostDetail(ItemRow):
    """测算明细: quantity × price (元), with its basis.

    `economic` and `fund` say which line of the project it is a part of; without them it counts for the whole only.
    """

    position = models.PositiveIntegerField("顺序", default=0)
    content = models.CharField("测算内容", max_length=200)
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=2)
    measure = models.CharField("计量单位", max_length=20, blank=True)
    price = AmountField("单价（元）")
    economic = models.ForeignKey(
        DepartmentEconomicClass,
        verbose_name="部门经济分类",
        on_delete=models.PROTECT,
        related_name="costs",
        null=True,
        blank=True,
    )
    fund = models.ForeignKey(
        FundSource, verbose_name="资金性质", on_delete=models.PROTECT, related_name="costs", null=True, blank=True
    )
    basis = models.CharField("测算依据", max_length=500, blank=True)

    class Meta:
        verbose_name = "测算明细"
        verbose_name_plural = "测算明细"
        ordering = ("position", "pk")
        constraints = [
            *ItemRow.Meta.constraints,
            models.CheckConstraint(
                name="costdetail_is_positive",
                condition=Q(quantity__gt=0, price__gt=0),
                violation_error_message="数量和单价须大于0。",
            ),
        ]

    def __str__(self):
        return self.content

    def clean(self):
        """Codes are leaves of the year's edition, as those of a line."""
        campaign = self.item.budget.campaign
        for name in ("economic", "fund"):
            code = getattr(self, name)
            if code is not None and code.edition_id != campaign.edition_id:
                raise ValidationError({name: f"{code.code} 不属于{campaign.year}年科目。"})
            if code is not None and not code.is_leaf:
                raise ValidationError({name: f"{code.code} 不是末级科目，请细化。"})

    @property
    def amount(self):
        """quantity × price, 元, to the 分 (half a 分 counts as one)."""
        return cost(self.quantity, self.price)


def cost(quantity: Decimal, price: Decimal) -> Decimal:
    """quantity × price, 元, to the 分: whole 分 × hundredths of a quantity, half up."""
    hundredths = int(quantity * 100) * money.fen(price)
    return money.yuan((hundredths + 50) // 100)
