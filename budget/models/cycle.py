"""The compilation of a year's budgets: campaigns, their stages, and the budgets themselves."""

import uuid

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Max, OuterRef, Q, Subquery
from django.urls import reverse

from budget.fields import AmountField
from organisation.models import Unit

from .classifications import Edition

STAGE_NAMES = {"first": "一上", "second": "二上", "approved": "批复"}
STAGE_ORDER = {"first": 1, "second": 2, "approved": 3}


def stage_name(code: str) -> str:
    """The Chinese name of a stage code: second → 二上, adjusted-2 → 第2次调整."""
    if code.startswith("adjusted-"):
        return f"第{code.removeprefix('adjusted-')}次调整"
    return STAGE_NAMES[code]


def stage_order(code: str) -> int:
    """Where a stage stands in the year."""
    if code.startswith("adjusted-"):
        return 3 + int(code.removeprefix("adjusted-"))
    return STAGE_ORDER[code]


valid_stage = RegexValidator(r"^(first|second|approved|adjusted-[1-9]\d?)$", "阶段不正确。")


class Campaign(models.Model):
    """A year's compilation: its classification edition, its table set, and what it lets pass."""

    class Step(models.IntegerChoices):
        HUNDREDTH_WAN = 10_000, "0.01万元"
        FEN = 1, "0.01元"

    class Severity(models.TextChoices):
        ERROR = "error", "错误（阻止送审）"
        WARNING = "warning", "警告（须说明）"

    class Control(models.TextChoices):
        STOP = "stop", "停止（超过的不能保存）"
        WARN = "warn", "警告（可以保存，给出提示）"
        IGNORE = "ignore", "忽略"

    year = models.PositiveSmallIntegerField("预算年度", unique=True)
    edition = models.ForeignKey(Edition, verbose_name="科目版本", on_delete=models.PROTECT, related_name="campaigns")
    table_set = models.CharField("表套", max_length=60)
    entry_step = models.PositiveIntegerField("录入精度", choices=Step, default=Step.HUNDREDTH_WAN)
    pair_severity = models.CharField("经济分类对应检查", max_length=10, choices=Severity, default=Severity.WARNING)
    allow_unspecified_economic = models.BooleanField("项目支出经济分类可未细化", default=True)
    allow_unspecified_function = models.BooleanField("功能分类可未细化", default=False)
    control_mode = models.CharField("控制数", max_length=10, choices=Control, default=Control.STOP)
    reason_percent = models.PositiveSmallIntegerField(
        "增减超过此比例须写原因（%）",
        default=10,
        help_text="比上年增减超过比例或金额之一，须写原因；均为0时有增减就须写。",
    )
    reason_amount = AmountField("增减超过此金额须写原因（元）", default=50_000, validators=[MinValueValidator(0)])
    authority = models.CharField(
        "批复机关", max_length=100, blank=True, help_text="批复通知的落款，如“某某区财政局”。不填则只落日期。"
    )
    closed = models.DateTimeField("结束时间", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "预算编制"
        verbose_name_plural = "预算编制"
        ordering = ("-year",)

    def __str__(self):
        return f"{self.year}年预算编制"


class CampaignStage(models.Model):
    """A stage that the year has, and when it is due."""

    campaign = models.ForeignKey(Campaign, verbose_name="预算编制", on_delete=models.CASCADE, related_name="stages")
    code = models.CharField("阶段", max_length=12, validators=[valid_stage])
    opens = models.DateField(
        "开始日期", null=True, blank=True, help_text="从这一天起受理送审；此前可以编制。不填则不限。"
    )
    due = models.DateField("截止日期", null=True, blank=True)

    class Meta:
        verbose_name = "编制阶段"
        verbose_name_plural = "编制阶段"
        ordering = ("campaign", "pk")
        constraints = [
            models.UniqueConstraint(
                name="campaignstage_is_listed_once",
                fields=("campaign", "code"),
                violation_error_message="该编制已有此阶段。",
            ),
            models.CheckConstraint(
                name="campaignstage_due_after_it_opens",
                condition=Q(opens=None) | Q(due=None) | Q(due__gte=models.F("opens")),
                violation_error_message="截止日期不能早于开始日期。",
            ),
        ]

    def __str__(self):
        return f"{self.campaign.year}年{stage_name(self.code)}"


class BudgetQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(unit__in=Unit.objects.visible_to(user))

    def of_year(self, year: int):
        return self.filter(campaign__year=year)

    def latest_revisions(self):
        """Of each unit, year and stage the newest revision."""
        newest = (
            Budget.objects.filter(unit=OuterRef("unit"), campaign=OuterRef("campaign"), stage=OuterRef("stage"))
            .order_by()
            .values("unit")
            .annotate(newest=Max("revision"))
            .values("newest")
        )
        return self.filter(revision=Subquery(newest))

    def drafts(self):
        return self.filter(state=Budget.State.DRAFT)


class Budget(models.Model):
    """A unit's budget of a year in a stage and revision. Only a draft can be written; all else is frozen for good."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "待审核"
        PASSED = "passed", "已通过"
        RETURNED = "returned", "被退回"
        WITHDRAWN = "withdrawn", "已撤回"
        APPROVED = "approved", "已批复"

    class Adjustment(models.TextChoices):
        ADD = "add", "追加"
        CUT = "cut", "追减"
        MOVE = "move", "调剂"

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="budgets")
    campaign = models.ForeignKey(Campaign, verbose_name="预算编制", on_delete=models.PROTECT, related_name="budgets")
    stage = models.CharField("阶段", max_length=12, validators=[valid_stage])
    revision = models.PositiveSmallIntegerField("稿次", default=1)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    step = models.PositiveSmallIntegerField("审核步骤", default=0)
    version = models.PositiveIntegerField("版本", default=1, help_text="每次保存加一。")
    unit_name = models.CharField("单位名称", max_length=200, help_text="编制时的名称，随预算固定。")
    based_on = models.ForeignKey(
        "self", verbose_name="来源预算", on_delete=models.PROTECT, null=True, blank=True, related_name="successors"
    )
    adjustment = models.CharField("调整方式", max_length=4, choices=Adjustment, blank=True)
    adjustment_reason = models.CharField("调整理由", max_length=500, blank=True)
    document_number = models.CharField("批复文号", max_length=60, blank=True)
    document_date = models.DateField("批复日期", null=True, blank=True)
    is_demo = models.BooleanField("演示数据", default=False, editable=False)
    created = models.DateTimeField("创建时间", auto_now_add=True)
    submitted = models.DateTimeField("送审时间", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="送审人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = "预算"
        verbose_name_plural = "预算"
        ordering = ("-campaign__year", "unit__path", "pk")
        constraints = [
            models.UniqueConstraint(
                name="budget_is_one_for_unit_year_stage_revision",
                fields=("unit", "campaign", "stage", "revision"),
                violation_error_message="该单位本年度此阶段已有这一稿。",
            ),
            models.UniqueConstraint(
                name="budget_has_one_draft_a_stage",
                fields=("unit", "campaign", "stage"),
                condition=Q(state="draft"),
                violation_error_message="该单位此阶段已有一份草稿。",
            ),
            models.CheckConstraint(
                name="budget_draft_is_not_submitted",
                condition=Q(state__in=("draft", "approved")) | Q(submitted__isnull=False),
                violation_error_message="送审后的预算须有送审时间。",
            ),
            models.CheckConstraint(
                name="budget_draft_has_no_submission",
                condition=~Q(state="draft") | Q(submitted=None, submitted_by=None),
                violation_error_message="草稿没有送审时间。",
            ),
            models.CheckConstraint(
                name="budget_approval_has_number_and_date",
                condition=~Q(state="approved") | (Q(document_date__isnull=False) & ~Q(document_number="")),
                violation_error_message="批复须有文号和日期。",
            ),
            models.CheckConstraint(
                name="budget_is_approved_in_its_stages",
                condition=~Q(state="approved") | Q(stage="approved") | Q(stage__startswith="adjusted-"),
                violation_error_message="只有批复和调整阶段的预算可以是已批复。",
            ),
            models.CheckConstraint(
                name="budget_draft_is_at_no_step",
                condition=~Q(state="draft") | Q(step=0),
                violation_error_message="草稿不在审核步骤中。",
            ),
            models.CheckConstraint(
                name="budget_is_adjusted_in_its_stages",
                condition=Q(adjustment="") | Q(stage__startswith="adjusted-"),
                violation_error_message="只有调整阶段的预算有调整方式。",
            ),
            models.CheckConstraint(
                name="budget_revision_and_version_count_from_one",
                condition=Q(revision__gte=1, version__gte=1),
                violation_error_message="稿次和版本从1开始。",
            ),
        ]

    def __str__(self):
        return f"{self.unit_name}{self.year}年{self.stage_name}"

    def get_absolute_url(self):
        return reverse("budget", args=(self.unit.code, self.year, self.stage))

    @property
    def year(self) -> int:
        return self.campaign.year

    @property
    def stage_name(self) -> str:
        return stage_name(self.stage)

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def chain(self) -> str:
        """The name of its chain in the history."""
        return f"budget:{self.uid}"
