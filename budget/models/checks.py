"""What was said of a finding that is not wrong but needs a word."""

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models

from .rows import BudgetRow

SHORTEST = 10


class Explanation(BudgetRow):
    """Why a warning stands: for one finding of a rule, as long as its figures (`digest`) stay the same."""

    rule = models.CharField("规则", max_length=10)
    subject = models.CharField("对象", max_length=200)
    digest = models.CharField("数字摘要", max_length=32)
    finding = models.CharField("检查结果", max_length=500)
    reason = models.CharField(
        "说明", max_length=500, validators=[MinLengthValidator(SHORTEST, "说明至少10个字，写清为什么。")]
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="说明人", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "检查说明"
        verbose_name_plural = "检查说明"
        ordering = ("rule", "subject")
        constraints = [
            *BudgetRow.Meta.constraints,
            models.UniqueConstraint(
                name="explanation_is_one_a_finding",
                fields=("budget", "rule", "subject"),
                violation_error_message="该检查结果已有说明。",
            ),
        ]

    def __str__(self):
        return f"{self.rule} {self.finding[:40]}"
