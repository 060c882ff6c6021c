"""Items (项目 in the national standard): what money is asked for, in four categories."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from .classifications import Nature
from .rows import BudgetRow


class Category(models.TextChoices):
    """项目类别. The first two make 基本支出, the others 项目支出."""

    PERSONNEL = "1", "人员类"
    OPERATING = "21", "公用经费"
    OTHER_RUNNING = "22", "其他运转类"
    TARGETED = "3", "特定目标类"


BASIC_CATEGORIES = (Category.PERSONNEL.value, Category.OPERATING.value)
PROJECT_CATEGORIES = (Category.OTHER_RUNNING.value, Category.TARGETED.value)


class ItemQuerySet(models.QuerySet):
    def of(self, budget):
        return self.filter(budget=budget)

    def basic(self):
        return self.filter(category__in=BASIC_CATEGORIES)

    def projects(self):
        return self.filter(category__in=PROJECT_CATEGORIES)


class Item(BudgetRow):
    """An item of a budget; its lines are its money."""

    category = models.CharField("项目类别", max_length=2, choices=Category)
    name = models.CharField("项目名称", max_length=180)
    code = models.CharField(
        "项目编码",
        max_length=21,
        blank=True,
        validators=[RegexValidator(r"^\d{8}[0-9A-Z]{13}$", "项目编码为21位：前8位数字，后13位数字或大写字母。")],
    )
    nature = models.CharField("性质", max_length=2, choices=Nature, default=Nature.ADMINISTRATIVE)
    position = models.PositiveIntegerField("顺序", default=0)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = "项目"
        verbose_name_plural = "项目"
        ordering = ("position", "pk")
        constraints = [
            *BudgetRow.Meta.constraints,
            models.UniqueConstraint(
                name="item_name_is_unique_in_its_category",
                fields=("budget", "category", "name"),
                violation_error_message="同一类别中已有同名项目。",
            ),
            models.UniqueConstraint(
                name="item_code_is_unique_in_its_budget",
                fields=("budget", "code"),
                condition=~Q(code=""),
                violation_error_message="项目编码与另一项目重复。",
            ),
            models.CheckConstraint(
                name="item_category_is_known",
                condition=Q(category__in=Category.values),
                violation_error_message="项目类别不正确。",
            ),
            models.CheckConstraint(
                name="item_nature_is_known",
                condition=Q(nature__in=Nature.values),
                violation_error_message="性质只能是行政或事业。",
            ),
            models.CheckConstraint(
                name="item_has_a_name", condition=~Q(name=""), violation_error_message="请填写项目名称。"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_project(self) -> bool:
        return self.category in PROJECT_CATEGORIES
