"""Facts that no line holds: posts, assets, procurement, transfers, duties, reasons, last year and its execution."""

from django.db import models
from django.db.models import Q

from budget.fields import AmountField

from .rows import BudgetRow


class Staffing(BudgetRow):
    """Established posts and people in office."""

    established = models.PositiveIntegerField("编制总数", default=0)
    administrative = models.PositiveIntegerField("行政编制", default=0)
    institution = models.PositiveIntegerField("事业编制", null=True, blank=True)
    worker = models.PositiveIntegerField("工勤编制", null=True, blank=True)
    in_office = models.PositiveIntegerField("实有人数", null=True, blank=True)
    retired = models.PositiveIntegerField("离退休人数", null=True, blank=True)

    class Meta:
        verbose_name = "人员情况"
        verbose_name_plural = "人员情况"
        constraints = [
            *BudgetRow.Meta.constraints,
            models.UniqueConstraint(
                name="staffing_is_one_a_budget", fields=("budget",), violation_error_message="人员情况已填写。"
            ),
        ]

    def __str__(self):
        return "人员情况"


class AssetHolding(BudgetRow):
    """State assets at the end of last year: value (元) and number by kind."""

    class Kind(models.TextChoices):
        BUILDINGS = "buildings", "房屋建筑物"
        VEHICLES = "vehicles", "车辆"
        VEHICLES_GENERAL = "vehicles_general", "其中：一般公务用车"
        VEHICLES_ENFORCEMENT = "vehicles_enforcement", "其中：执法执勤车"
        OFFICE_EQUIPMENT = "office_equipment", "办公设备"
        SPECIAL_EQUIPMENT = "special_equipment", "专用设备"
        OTHER = "other", "其他资产"
        GENERAL_OVER_50 = "general_over_50", "单位价值50万元以上通用设备"
        SPECIAL_OVER_100 = "special_over_100", "单位价值100万元以上专用设备"

    kind = models.CharField("资产类别", max_length=25, choices=Kind)
    value = AmountField("价值（元）", default=0)
    number = models.PositiveIntegerField("数量", default=0)

    class Meta:
        verbose_name = "国有资产占用"
        verbose_name_plural = "国有资产占用"
        ordering = ("pk",)
        constraints = [
            *BudgetRow.Meta.constraints,
            models.UniqueConstraint(
                name="assetholding_is_one_a_kind",
                fields=("budget", "kind"),
                violation_error_message="该资产类别已填写。",
            ),
            models.CheckConstraint(
                name="assetholding_value_is_not_negative",
                condition=Q(value__gte=0),
                violation_error_message="资产价值不能为负。",
            ),
        ]

    def __str__(self):
        return self.get_kind_display()


class Execution(BudgetRow):
    """What was paid of last year's budget as it was adjusted in the end (元), by kind.

    The four kinds of 三公 are part of basic and project spending. The rate is paid ÷ adjusted and is never kept.
    Source: 表14 投入管理指标 (预算执行率, “三公经费”控制率); 部门决算 (调整预算数, 决算数).
    """

    class Kind(models.TextChoices):
        BASIC = "basic", "基本支出"
        PROJECT = "project", "项目支出"
        ABROAD = "abroad", "因公出国（境）费"
        VEHICLE_PURCHASE = "vehicle_purchase", "公务用车购置费"
        VEHICLE_RUNNING = "vehicle_running", "公务用车运行维护费"
        RECEPTION = "reception", "公务接待费"

    kind = models.CharField("支出类别", max_length=20, choices=Kind)
    adjusted = AmountField("调整预算数（元）")
    paid = AmountField("执行数（元）")

    class Meta:
        verbose_name = "上年预算执行"
        verbose_name_plural = "上年预算执行"
        ordering = ("pk",)
        constraints = [
            *BudgetRow.Meta.constraints,
            models.UniqueConstraint(
                name="execution_is_one_a_kind",
                fields=("budget", "kind"),
                violation_error_message="该类支出的执行情况已填写。",
            ),
            models.CheckConstraint(
                name="execution_adjusted_is_not_negative",
                condition=Q(adjusted__gte=0),
                violation_error_message="调整预算数不能为负。",
            ),
            models.CheckConstraint(
                name="execution_paid_is_not_negative",
                condition=Q(paid__gte=0),
                violation_error_message="执行数不能为负。",
            ),
        ]

    def __str__(self):
        return self.get_kind_display()


class ProcurementLine(BudgetRow):
    """Government procurement planned for the year (元)."""

    class Kind(models.TextChoices):
        GOODS = "goods", "货物"
        WORKS = "works", "工程"
        SERVICES = "services", "服务"

    kind = models.CharField("采购类别", max_length=10, choices=Kind)
    name = models.CharField("采购品目", max_length=200)
    item = models.ForeignKey(
        "budget.Item",
        verbose_name="所属项目",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="procurement",
    )
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=2, default=1)
    measure = models.CharField("计量单位", max_length=20, blank=True)
    amount = AmountField("金额（元）")

    class Meta:
        verbose_name = "政府采购"
        verbose_name_plural = "政府采购"
        ordering = ("kind", "pk")
        constraints = [
            *BudgetRow.Meta.constraints,
            models.CheckConstraint(
                name="procurementline_amount_is_positive",
                condition=Q(amount__gt=0),
                violation_error_message="金额须大于0。",
            ),
        ]

    def __str__(self):
        return self.name


class SpecialTransfer(BudgetRow):
    """A special transfer payment the department administers."""

    name = models.CharField("项目名称", max_length=200)
    amount = AmountField("金额（元）", null=True, blank=True)

    class Meta:
        verbose_name = "专项转移支付"
        verbose_name_plural = "专项转移支付"
        ordering = ("pk",)
        constraints = [*BudgetRow.Meta.constraints]

    def __str__(self):
        return self.name


class Reason(BudgetRow):
    """Why a figure changed: the part of the text that is typed."""

    SENTENCES = ("text",)

    class Topic(models.TextChoices):
        TOTAL = "total", "收支总计"
        GOVERNMENT_FUNDS = "government_funds", "政府性基金"
        OPERATING = "operating", "机关运行经费"
        ABROAD = "abroad", "因公出国（境）费"
        VEHICLE_PURCHASE = "vehicle_purchase", "公务用车购置费"
        VEHICLE_RUNNING = "vehicle_running", "公务用车运行维护费"
        RECEPTION = "reception", "公务接待费"

    topic = models.CharField("事项", max_length=20, choices=Topic)
    text = models.CharField("原因", max_length=1000)

    class Meta:
        verbose_name = "变动原因"
        verbose_name_plural = "变动原因"
        ordering = ("pk",)
        constraints = [
            *BudgetRow.Meta.constraints,
            models.UniqueConstraint(
                name="reason_is_one_a_topic", fields=("budget", "topic"), violation_error_message="该事项的原因已填写。"
            ),
        ]

    def __str__(self):
        return self.get_topic_display()


class Duty(BudgetRow):
    """One of the unit's duties (部门职责)."""

    SENTENCES = ("text",)

    position = models.PositiveIntegerField("顺序", default=0)
    text = models.CharField("职责", max_length=2000)

    class Meta:
        verbose_name = "主要职责"
        verbose_name_plural = "主要职责"
        ordering = ("position", "pk")
        constraints = [*BudgetRow.Meta.constraints]

    def __str__(self):
        return self.text[:30]


class LastYearFigure(BudgetRow):
    """A cell of last year's published tables (元) with its source, where last year's budget is not in the system."""

    table = models.CharField("表", max_length=60)
    row = models.CharField("行", max_length=120)
    column = models.CharField("列", max_length=120)
    amount = AmountField("金额（元）")
    source = models.CharField("来源", max_length=300)

    class Meta:
        verbose_name = "上年数"
        verbose_name_plural = "上年数"
        ordering = ("table", "row", "column")
        constraints = [
            *BudgetRow.Meta.constraints,
            models.UniqueConstraint(
                name="lastyearfigure_is_one_a_cell",
                fields=("budget", "table", "row", "column"),
                violation_error_message="该单元格的上年数已填写。",
            ),
        ]

    def __str__(self):
        return f"{self.table} {self.row} {self.column}"
