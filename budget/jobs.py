"""What the budget has done in the background: reading and writing large files of lines, the check of many units."""

from contextlib import suppress

from organisation.models import Unit
from organisation.rights import can
from records import jobs

from . import checking, writing
from .books import NoBudget, select
from .checked_forms import HEADING, SUMMARY, summary_row, unit_rows
from .downloads import lists_workbook
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


@jobs.kind(checking.UNITS)
def check_units(run: jobs.Run) -> None:
    """Check each unit of a department by itself; the result is a workbook: the units, and everything found in them."""
    asked = run.parameters
    root = Unit.objects.get(code=asked["unit"])
    if not can(run.owner, "view", root):
        raise jobs.Failed("您已没有查看该部门的权限，没有检查。")
    try:
        selection = select(root, asked["year"], asked["stage"])
    except NoBudget as reason:
        raise jobs.Failed(f"{reason}。") from None
    total = len(selection.budgets)
    units, found = [SUMMARY], [("单位代码", "单位名称", *HEADING)]
    for done, (budget, report) in enumerate(checking.check_units(selection), start=1):
        units.append(summary_row(budget, report))
        found += unit_rows(budget, report)
        run.step(done, total, f"已检查{done}个单位，共{total}个")
    name = f"{root.code}_{asked['year']}年_各单位检查报告"
    run.save_result(f"{name}.xlsx", lists_workbook([("各单位", units), ("检查结果", found)]))
    well = sum(row[2] == 0 for row in units[1:])
    run.step(total, total, f"已检查{total}个单位，{total - well}个有错误。")


def _upload(run: jobs.Run) -> Upload:
    return Upload.objects.select_related("budget__unit", "budget__campaign").get(uid=run.parameters["upload"])
