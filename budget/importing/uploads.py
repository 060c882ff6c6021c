"""A file of lines on its way into a draft: received, examined, confirmed, let go. What `Upload` says is kept here."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from budget import writing
from budget.models import Budget, Upload
from records import history, jobs
from records.file_types import plain_name

from . import guard, lines
from .files import MAX_BYTES, FileRefused, Source
from .preview import compared

LARGE_BYTES = 1024 * 1024
LARGE_ROWS = 2_000
KEPT = timedelta(days=30)  # the files of what was never written
PREVIEW, APPLY = "import-preview", "import-apply"  # kinds of jobs
State = Upload.State


class Stale(Exception):
    """The draft, or the file's own state, is not what the person saw any more: a sentence in Chinese."""


def receive(name: str, content: bytes, budget: Budget, *, by) -> Upload:
    """Keep a file. Raises FileRefused for one that need not be kept: empty, or too large."""
    if len(content) > MAX_BYTES:
        raise FileRefused(f"文件超过{MAX_BYTES // 1024 // 1024} MB。")
    if not content:
        raise FileRefused("文件是空的。")
    prune(budget)
    upload = Upload(
        budget=budget,
        owner=by,
        name=plain_name(name),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        report={"is_large": len(content) > LARGE_BYTES},
    )
    upload.file.save(f"{upload.uid.hex}.bin", ContentFile(content), save=False)
    upload.save()
    return upload


def examine(upload: Upload, step: Callable[[int, str], None] = lambda done, message: None) -> Upload:
    """Read the file and work out what it would change. Large ones are left waiting, for a job to go on with.

    `step` hears how far it is, of 3.
    """
    step(0, "正在读取文件")
    content = content_of(upload)
    source = None
    try:
        source = guard.read(content, upload.name)
    except FileRefused as refused:
        report = {"errors": [[0, 0, "", str(refused)]], "notices": [], "unlisted": 0}
    else:
        if upload.job_id is None and not upload.is_large and _rows(source) > LARGE_ROWS:
            upload.report = {"is_large": True}
            upload.save(update_fields=["report"])
            return upload
        report = _examined(source, upload, step)
    seen = report.pop("seen", 0)
    report["is_large"] = upload.is_large
    state = State.REFUSED if report["errors"] else State.READY
    Upload.objects.filter(pk=upload.pk, state__in=(State.WAITING, State.REFUSED, State.READY)).update(
        state=state, report=report, seen=seen
    )
    upload.refresh_from_db()
    return upload


def _examined(source: Source, upload: Upload, step) -> dict:
    step(1, "正在核对每个单元格")
    budget = budget_of(upload)
    reading = lines.read(source, upload.name, budget)
    report = {
        "notices": reading.notices,
        "errors": [[one.row, one.column, one.address, one.message] for one in reading.errors],
        "unlisted": reading.unlisted,
        "seen": budget.version,
    }
    if not reading.errors:
        step(2, "正在与草稿比较")
        report["diff"] = compared(lines.changes(reading.desired, budget), budget)
    return report


def confirm(upload: Upload, *, seen: int, by, address: str | None = None) -> Upload:
    """Write what was shown, once: the same confirmation sent again finds it written and changes nothing.

    `seen`: the version of the draft in what the person saw. Raises Stale, writing.Locked, writing.Refused.
    """
    upload.refresh_from_db()
    if upload.state == State.APPLIED:
        return upload
    budget = budget_of(upload)
    if upload.state != State.READY or upload.seen != seen or budget.version != seen:
        raise Stale("数据已变，请重新预览。")
    reading = lines.read(guard.read(content_of(upload), upload.name), upload.name, budget)
    if reading.errors:
        raise Stale("科目或设置已变，请重新预览。")
    wanted = lines.changes(reading.desired, budget)
    with transaction.atomic():
        upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if upload.state == State.APPLIED:
            return upload
        if upload.state != State.READY or upload.seen != seen:
            raise Stale("数据已变，请重新预览。")
        try:
            writing.write(budget, wanted, by=by, via="import", seen=seen, address=address, told=[_told(upload)])
        except writing.Conflicted as conflicted:
            raise Stale("数据已变，请重新预览。") from conflicted
        upload.state, upload.applied = State.APPLIED, timezone.now()
        upload.save(update_fields=["state", "applied"])
    return upload


def discard(upload: Upload) -> None:
    """Let a file go that was not written."""
    if Upload.objects.filter(pk=upload.pk).exclude(state=State.APPLIED).update(state=State.DISCARDED):
        upload.file.delete(save=False)
        Upload.objects.filter(pk=upload.pk).update(file="", report={})


def marked(upload: Upload) -> bytes:
    """A copy of the file with its mistakes marked. Raises FileRefused where there can be none."""
    return guard.marked(
        content_of(upload), upload.name, upload.report.get("errors", []), upload.report.get("unlisted", 0)
    )


def marked_name(upload: Upload) -> str:
    """明细.csv → 明细-错误标注.xlsx"""
    return f"{upload.name.rpartition('.')[0] or upload.name}-错误标注.xlsx"


def prune(budget: Budget) -> None:
    """Let go what was sent for the draft, never written, and is old."""
    for upload in budget.uploads.exclude(state__in=(State.APPLIED, State.DISCARDED)).filter(
        created__lt=timezone.now() - KEPT
    )[:20]:
        discard(upload)


def content_of(upload: Upload) -> bytes:
    """The file's bytes. Raises FileRefused where they are gone, or not what was sent."""
    try:
        with upload.file.open("rb") as file:
            content = file.read()
    except (FileNotFoundError, ValueError):
        raise FileRefused("文件已清理，请重新上传。") from None
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        raise FileRefused("保存的文件已损坏，请重新上传。")
    return content


def budget_of(upload: Upload) -> Budget:
    """The draft as it is now."""
    return Budget.objects.select_related("unit", "campaign").get(pk=upload.budget_id)


def start_job(upload: Upload, kind: str, *, by, link: str, address: str | None = None) -> jobs.Job:
    """Have a large file examined or written in the background."""
    what = "导入预览" if kind == PREVIEW else "导入"
    with transaction.atomic():
        job = jobs.start(
            kind,
            title=f"{what}：{upload.name}",
            by=by,
            unit=upload.budget.unit,
            link=link,
            parameters={"upload": str(upload.uid), "seen": upload.seen, "address": address},
        )
        upload.job = job
        upload.save(update_fields=["job"])
    return job


def _rows(source: Source) -> int:
    return max((len(sheet.rows) for sheet in source.sheets), default=0)


def _told(upload: Upload) -> history.Happened:
    said = {"name": upload.name, "sha256": upload.sha256, "size": upload.size}
    return history.Happened("add", upload._meta.label_lower, upload.uid, f"导入文件{upload.name}", None, said)
