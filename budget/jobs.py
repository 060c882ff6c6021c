"""What the budget has done in the background: reading and writing large files of lines."""

from contextlib import suppress

from organisation.rights import can
from records import jobs

from . import writing
from .importing import uploads
from .importing.files import FileRefused
from .models import Upload


@jobs.kind(uploads.PREVIEW)
def preview(run: jobs.Run) -> None:
    """Examine a file; a marked copy of one with mistakes is the result."""
    upload = _upload(run)
    if not upload.is_open:
        return
    upload = uploads.examine(upload, step=lambda done, message: run.step(done, 4, message))
    if upload.state == Upload.State.REFUSED:
        run.step(3, 4, "正在标注错误")
        with suppress(FileRefused):  # a file that cannot be read has no copy; its page says why
            run.save_result(uploads.marked_name(upload), uploads.marked(upload))
    run.step(4, 4, "有错误，没有导入。" if upload.state == Upload.State.REFUSED else "核对无误，请查看变化并确认。")


@jobs.kind(uploads.APPLY)
def apply(run: jobs.Run) -> None:
    """Write what was confirmed; done twice, it changes nothing the second time."""
    upload = _upload(run)
    if not can(run.owner, "edit", upload.budget):
        raise jobs.Failed("您已没有该单位的编制权限，没有导入。")
    run.step(0, 1, "正在写入")
    try:
        uploads.confirm(upload, seen=run.parameters["seen"], by=run.owner, address=run.parameters["address"])
    except (uploads.Stale, writing.Locked, FileRefused) as reason:
        raise jobs.Failed(str(reason)) from reason
    except writing.Refused as refused:
        raise jobs.Failed("；".join(problem.message for problem in refused.problems[:5])) from refused
    run.step(1, 1, "已导入。")


def _upload(run: jobs.Run) -> Upload:
    return Upload.objects.select_related("budget__unit", "budget__campaign").get(uid=run.parameters["upload"])
