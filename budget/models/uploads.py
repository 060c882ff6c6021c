"""Files of lines that people have sent, from the moment they arrive until they are written or let go."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from records.models import Job

from .cycle import Budget


class Upload(models.Model):
    """A file of lines for a draft: what it says is worked out first, shown, and written once when confirmed."""

    class State(models.TextChoices):
        WAITING = "waiting", "正在读取"
        REFUSED = "refused", "有错误"
        READY = "ready", "待确认"
        APPLIED = "applied", "已导入"
        DISCARDED = "discarded", "已放弃"

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    budget = models.ForeignKey(Budget, verbose_name="预算", on_delete=models.PROTECT, related_name="uploads")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("文件名", max_length=200)
    file = models.FileField("文件", upload_to="imports/", blank=True)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("摘要", max_length=64)
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    report = models.JSONField("结果", default=dict, blank=True)
    seen = models.PositiveBigIntegerField("所见版本", default=0, help_text="预览时预算的版本，确认时须仍是它。")
    job = models.ForeignKey(
        Job, verbose_name="后台任务", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created = models.DateTimeField("上传时间", auto_now_add=True)
    applied = models.DateTimeField("导入时间", null=True, blank=True)

    class Meta:
        verbose_name = "导入文件"
        verbose_name_plural = "导入文件"
        ordering = ("-created", "-pk")
        constraints = [
            models.CheckConstraint(
                name="upload_applied_has_its_time",
                condition=Q(state="applied", applied__isnull=False) | (~Q(state="applied") & Q(applied=None)),
                violation_error_message="只有已导入的文件才有导入时间。",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def unit(self):
        return self.budget.unit

    @property
    def is_open(self) -> bool:
        """Whether something may still come of it."""
        return self.state in (self.State.WAITING, self.State.REFUSED, self.State.READY)

    @property
    def is_large(self) -> bool:
        return bool(self.report.get("is_large"))

    @property
    def error_count(self) -> int:
        return len(self.report.get("errors", ())) + self.report.get("unlisted", 0)

    @property
    def has_changes(self) -> bool:
        """Whether writing it would change anything."""
        diff = self.report.get("diff", {})
        return bool(diff.get("items") or diff.get("is_moved"))
