"""What every app needs about its rows: history, jobs, notices, comments, attachments.

Rows of other apps are named by type and uid, not by foreign key: this app knows nothing above it, and a
history outlives what it tells of.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisation.models import Unit

from . import file_types


class OnlyAdded(models.Model):
    """Base of rows that are never changed nor removed, whoever writes: `budget/locks.py` makes triggers of it."""

    class Meta:
        abstract = True


class ChangeRecord(models.Model):
    """One change of one row: who, when, how, before, after. Append-only; chained by hash within its chain."""

    class Via(models.TextChoices):
        FORM = "form", "页面录入"
        GRID = "grid", "表格录入"
        PASTE = "paste", "粘贴"
        UNDO = "undo", "撤销"
        IMPORT = "import", "文件导入"
        COPY = "copy", "复制"
        ADMIN = "admin", "管理后台"
        COMMAND = "command", "命令"
        CYCLE = "cycle", "流转"
        DEMO = "demo", "演示数据"

    class Action(models.TextChoices):
        ADD = "add", "新增"
        EDIT = "edit", "修改"
        REMOVE = "remove", "删除"
        STATE = "state", "状态变化"

    chain = models.CharField("链", max_length=60, help_text="同一预算的变更连成一条链。")
    sequence = models.PositiveBigIntegerField("序号")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", on_delete=models.PROTECT, null=True, related_name="+"
    )
    by_name = models.CharField("操作人姓名", max_length=60)
    via = models.CharField("方式", max_length=10, choices=Via)
    address = models.GenericIPAddressField("来源地址", null=True, blank=True)
    operation = models.UUIDField("操作标识", help_text="一次保存的各行变更共用一个标识。")
    action = models.CharField("动作", max_length=10, choices=Action)
    unit = models.ForeignKey(
        Unit, verbose_name="单位", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    subject = models.CharField("对象类型", max_length=60)
    subject_uid = models.UUIDField("对象标识")
    label = models.CharField("对象", max_length=300)
    before = models.JSONField("变更前", null=True)
    after = models.JSONField("变更后", null=True)
    previous_hash = models.CharField("前一条摘要", max_length=64, blank=True)
    hash = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = "变更记录"
        verbose_name_plural = "变更记录"
        ordering = ("chain", "sequence")
        constraints = [
            models.UniqueConstraint(name="changerecord_sequence_is_unbroken", fields=("chain", "sequence")),
        ]
        indexes = [
            models.Index(fields=("subject_uid",), name="changerecord_subject"),
            models.Index(fields=("at",), name="changerecord_at"),
        ]

    def __str__(self):
        return f"{self.get_action_display()}{self.label}"


class SavedOperation(models.Model):
    """A save that was answered: asked again, it is answered the same and writes nothing.

    `digest`: of what was asked, for one name is not given to two things. Kept for some days.
    """

    uid = models.UUIDField("操作标识", unique=True)
    budget_uid = models.UUIDField("预算标识")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", on_delete=models.CASCADE, related_name="+"
    )
    digest = models.CharField("请求摘要", max_length=64)
    answer = models.JSONField("答复")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "已答复的保存"
        verbose_name_plural = "已答复的保存"
        ordering = ("-at",)
        indexes = [models.Index(fields=("budget_uid", "at"), name="savedoperation_budget")]

    def __str__(self):
        return str(self.uid)


class AccessRecord(models.Model):
    """One log-in, new password, refusal, export or print: who, when, from where, what came of it. Append-only chain."""

    class Event(models.TextChoices):
        LOG_IN = "log_in", "登录"
        LOG_OUT = "log_out", "退出"
        LOG_IN_FAILED = "failed", "登录失败"
        PASSWORD = "password", "修改密码"
        REFUSED = "refused", "拒绝访问"
        EXPORT = "export", "导出"
        PRINT = "print", "打印"
        PUBLISH = "publish", "公开"

    sequence = models.PositiveBigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间", db_index=True)
    event = models.CharField("事件", max_length=10, choices=Event)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="用户", on_delete=models.PROTECT, null=True, related_name="+"
    )
    by_name = models.CharField("用户名", max_length=150)
    address = models.GenericIPAddressField("来源地址", null=True, blank=True)
    path = models.CharField("页面", max_length=300)
    status = models.PositiveSmallIntegerField("结果", default=200)
    previous_hash = models.CharField("前一条摘要", max_length=64, blank=True)
    hash = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = "访问日志"
        verbose_name_plural = "访问日志"
        ordering = ("sequence",)

    def __str__(self):
        return f"{self.get_event_display()} {self.by_name} {self.path}"


class HistoryAnchor(models.Model):
    """Where every chain of the history ended on a day: what is cut off a chain afterwards is missed."""

    at = models.DateTimeField("时间")
    heads = models.JSONField("各链末端", help_text="链：[序号, 摘要]。")
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = "日志锚点"
        verbose_name_plural = "日志锚点"
        ordering = ("at", "pk")

    def __str__(self):
        return f"{self.at:%Y-%m-%d} {self.digest[:12]}"


class Job(models.Model):
    """Long work with progress. A job whose heartbeat has stopped is shown as 中断 and may be started again."""

    STALE = timedelta(minutes=2)

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        RUNNING = "running", "进行中"
        DONE = "done", "完成"
        FAILED = "failed", "失败"
        CANCELLED = "cancelled", "已取消"

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("类型", max_length=40)
    title = models.CharField("名称", max_length=200)
    unit = models.ForeignKey(
        Unit, verbose_name="单位", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="发起人", on_delete=models.PROTECT, related_name="jobs"
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    parameters = models.JSONField("参数", default=dict, blank=True)
    done = models.PositiveIntegerField("已完成", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    message = models.CharField("说明", max_length=500, blank=True)
    attempt = models.PositiveSmallIntegerField("第几次", default=1)
    cancel_requested = models.BooleanField("已请求取消", default=False)
    created = models.DateTimeField("发起时间", auto_now_add=True)
    queued = models.DateTimeField("排队时间", default=timezone.now)
    heartbeat = models.DateTimeField("最近心跳", null=True, blank=True)
    finished = models.DateTimeField("结束时间", null=True, blank=True)
    result = models.FileField("结果文件", upload_to="jobs/", blank=True)
    result_name = models.CharField("结果文件名", max_length=200, blank=True)
    link = models.CharField("完成后的页面", max_length=300, blank=True)

    class Meta:
        verbose_name = "后台任务"
        verbose_name_plural = "后台任务"
        ordering = ("-created",)
        constraints = [
            models.CheckConstraint(
                name="job_finished_iff_it_ended",
                condition=Q(state__in=("waiting", "running"), finished=None)
                | Q(state__in=("done", "failed", "cancelled"), finished__isnull=False),
                violation_error_message="只有结束的任务才有结束时间。",
            ),
            models.CheckConstraint(
                name="job_done_within_total",
                condition=Q(done__lte=models.F("total")),
                violation_error_message="已完成数不能超过总数。",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_interrupted(self) -> bool:
        """Whether its worker is gone: it runs, and nothing has been heard of it for two minutes."""
        return self.state == self.State.RUNNING and self.heartbeat < timezone.now() - self.STALE

    @property
    def is_kept_waiting(self) -> bool:
        """Whether nobody has begun it for two minutes: perhaps no worker runs."""
        return self.state == self.State.WAITING and self.queued < timezone.now() - self.STALE

    @property
    def is_going_on(self) -> bool:
        return self.finished is None and not self.is_interrupted

    @property
    def may_restart(self) -> bool:
        return self.state in (self.State.FAILED, self.State.CANCELLED) or self.is_interrupted

    @property
    def state_in_words(self) -> str:
        if self.is_interrupted:
            return "中断"
        if self.cancel_requested and self.state == self.State.RUNNING:
            return "正在取消"
        return self.get_state_display()

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class Notice(models.Model):
    """Something a person should know; one for each person and event."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="收件人", on_delete=models.CASCADE, related_name="notices"
    )
    event = models.CharField("事件", max_length=100)
    text = models.CharField("内容", max_length=500)
    link = models.CharField("链接", max_length=300, blank=True)
    created = models.DateTimeField("时间", auto_now_add=True)
    read = models.DateTimeField("已读时间", null=True, blank=True)

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知"
        ordering = ("-created",)
        constraints = [
            models.UniqueConstraint(
                name="notice_is_sent_once", fields=("user", "event"), violation_error_message="该通知已发送。"
            )
        ]

    def __str__(self):
        return self.text


class AnchoredRow(models.Model):
    """Base of what is pinned to a row or a table cell of a budget."""

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    budget_uid = models.UUIDField("预算标识", db_index=True)
    subject = models.CharField("对象类型", max_length=60)
    subject_uid = models.UUIDField("对象标识", null=True, blank=True)
    created = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        abstract = True


class Comment(AnchoredRow):
    """A remark pinned on a line, a table cell, a project or an indicator; open until resolved."""

    cell = models.CharField("单元格", max_length=200, blank=True, help_text="表/行/列。")
    text = models.CharField("内容", max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="批注人", on_delete=models.PROTECT, related_name="comments"
    )
    answers = models.ForeignKey(
        "self", verbose_name="答复", on_delete=models.PROTECT, null=True, blank=True, related_name="replies"
    )
    resolved = models.DateTimeField("解决时间", null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="解决人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = "批注"
        verbose_name_plural = "批注"
        ordering = ("created",)
        constraints = [
            models.CheckConstraint(
                name="comment_is_resolved_by_somebody",
                condition=Q(resolved=None, resolved_by=None) | Q(resolved__isnull=False, resolved_by__isnull=False),
                violation_error_message="已解决的批注须有解决人。",
            )
        ]

    def __str__(self):
        return self.text[:40]


class Attachment(AnchoredRow):
    """A file given as the basis of a row; whatever budget is copied from that one has it too.

    `gone_from`: the budgets (uid) in which it was taken out, while earlier ones still have it.
    """

    name = models.CharField("文件名", max_length=200)
    file = models.FileField("文件", upload_to="attachments/%Y/")
    size = models.PositiveBigIntegerField("大小（字节）")
    content_type = models.CharField("类型", max_length=100)
    sha256 = models.CharField("摘要", max_length=64)
    gone_from = models.JSONField("已移除的预算", default=list, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="上传人", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ("created",)

    def __str__(self):
        return self.name

    @property
    def kind(self) -> str:
        """Its type in words."""
        return file_types.label_of(self.content_type)
