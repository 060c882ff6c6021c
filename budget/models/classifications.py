"""The year's edition of the classifications: functional, both economic ones, fund sources, and their pairs."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

UNSPECIFIED_FUNCTION = "0000000"
UNSPECIFIED_ECONOMIC = "00000"


class Edition(models.Model):
    """The classifications as they stand in one budget year."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    name = models.CharField("名称", max_length=100)
    source = models.CharField("来源", max_length=300, blank=True)
    loaded = models.DateTimeField("最近装载", auto_now=True)

    class Meta:
        verbose_name = "科目版本"
        verbose_name_plural = "科目版本"
        ordering = ("-year",)

    def __str__(self):
        return self.name


class CodeQuerySet(models.QuerySet):
    def of(self, edition):
        return self.filter(edition=edition)

    def leaves(self):
        """The codes money may stand on."""
        return self.filter(is_leaf=True)


class ClassificationCode(models.Model):
    """A code of one edition. Money stands on leaves only; 未细化 is a flagged leaf of its own."""

    edition = models.ForeignKey(Edition, verbose_name="科目版本", on_delete=models.CASCADE, related_name="+")
    code = models.CharField("科目编码", max_length=10, validators=[RegexValidator(r"^\d+$", "科目编码只能是数字。")])
    name = models.CharField("科目名称", max_length=100)
    parent = models.ForeignKey(
        "self", verbose_name="上级科目", on_delete=models.CASCADE, null=True, blank=True, related_name="children"
    )
    is_leaf = models.BooleanField("末级", default=False)
    is_unspecified = models.BooleanField("未细化", default=False)
    status = models.CharField("核实情况", max_length=20, blank=True)

    objects = CodeQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("edition", "is_unspecified", "code")
        constraints = [
            models.UniqueConstraint(
                name="%(class)s_code_is_unique_in_its_edition",
                fields=("edition", "code"),
                violation_error_message="该版本中已有此编码。",
            ),
            models.UniqueConstraint(
                name="%(class)s_has_one_unspecified",
                fields=("edition",),
                condition=Q(is_unspecified=True),
                violation_error_message="每个版本只有一个“未细化”。",
            ),
            models.CheckConstraint(
                name="%(class)s_unspecified_is_a_leaf",
                condition=Q(is_unspecified=False) | Q(is_leaf=True),
                violation_error_message="“未细化”须为末级。",
            ),
        ]

    def __str__(self):
        return self.name if self.is_unspecified else f"{self.code} {self.name}"


class FunctionalClass(ClassificationCode):
    """支出功能分类: 类 (3 digits), 款 (5), 项 (7)."""

    class Meta(ClassificationCode.Meta):
        verbose_name = "支出功能分类"
        verbose_name_plural = "支出功能分类"


class DepartmentEconomicClass(ClassificationCode):
    """部门预算支出经济分类: 类 (3 digits), 款 (5)."""

    class Meta(ClassificationCode.Meta):
        verbose_name = "部门预算支出经济分类"
        verbose_name_plural = "部门预算支出经济分类"


class GovernmentEconomicClass(ClassificationCode):
    """政府预算支出经济分类: 类 (3 digits), 款 (5)."""

    class Meta(ClassificationCode.Meta):
        verbose_name = "政府预算支出经济分类"
        verbose_name_plural = "政府预算支出经济分类"


class FundSource(ClassificationCode):
    """资金性质. `label` is the word clerks use (一般公共预算) for a leaf (11111 经费拨款补助)."""

    label = models.CharField("录入名称", max_length=50, blank=True)

    class Meta(ClassificationCode.Meta):
        verbose_name = "资金性质"
        verbose_name_plural = "资金性质"

    def __str__(self):
        return self.label or f"{self.code} {self.name}"


class Nature(models.TextChoices):
    """Whether an item is paid for an administrative body or a public institution; decides the government class."""

    ADMINISTRATIVE = "行政", "行政"
    INSTITUTION = "事业", "事业"


class EconomicPair(models.Model):
    """The government class that goes with a department class, for a nature (blank: both)."""

    edition = models.ForeignKey(Edition, verbose_name="科目版本", on_delete=models.CASCADE, related_name="pairs")
    economic = models.ForeignKey(
        DepartmentEconomicClass, verbose_name="部门经济分类", on_delete=models.PROTECT, related_name="pairs"
    )
    nature = models.CharField("单位性质", max_length=2, choices=Nature, blank=True)
    government = models.ForeignKey(
        GovernmentEconomicClass, verbose_name="政府经济分类", on_delete=models.PROTECT, related_name="pairs"
    )
    status = models.CharField("核实情况", max_length=20, blank=True)

    class Meta:
        verbose_name = "经济分类对应关系"
        verbose_name_plural = "经济分类对应关系"
        ordering = ("edition", "economic__code", "nature", "government__code")
        constraints = [
            models.UniqueConstraint(
                name="economicpair_is_listed_once",
                fields=("economic", "nature", "government"),
                violation_error_message="该对应关系已存在。",
            )
        ]

    def __str__(self):
        return f"{self.economic.code} {self.nature or '全部'} → {self.government.code}"
