"""`manage.py import_lines FILE --unit CODE --year YEAR [--user NAME] [--dry-run]`: a unit's whole list of lines."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from budget import writing
from budget.importing import lines
from budget.importing.differences import counted
from budget.models import Budget, Item, Line, stage_order
from organisation.models import Unit, User
from organisation.rights import can


class Command(BaseCommand):
    help = "从 CSV 或 XLSX 导入一个单位的全部预算明细（金额为万元），使草稿与文件一致；有一处错误就什么都不写。"

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="CSV 或 .xlsx 文件")
        parser.add_argument("--unit", required=True, metavar="CODE", help="单位代码")
        parser.add_argument("--year", required=True, type=int, help="预算年度")
        parser.add_argument("--user", metavar="NAME", help="以此用户的名义导入，须有该单位的编制权限")
        parser.add_argument("--dry-run", action="store_true", help="只检查并报告变化，不写入")

    def handle(self, *args, file, unit, year, user, dry_run, **options):
        budget = _draft(unit, year)
        person = _person(user, budget.unit) if user else None
        reading = lines.read(Path(file), Path(file).name, budget)
        for notice in reading.notices:
            self.stderr.write(f"注意：{notice}")
        if reading.errors:
            for text in reading.error_texts():
                self.stderr.write(text)
            raise CommandError(f"没有导入：{len(reading.errors) + reading.unlisted}处错误，没有写入任何内容。")
        try:
            with transaction.atomic():
                written = lines.apply(reading.desired, budget, by=person)
                transaction.set_rollback(dry_run)
        except writing.Refused as refused:
            for problem in refused.problems:
                self.stderr.write(problem.message)
            raise CommandError(f"没有导入：{len(refused.problems)}处不能写入，没有写入任何内容。") from refused
        except writing.Conflicted as conflicted:
            raise CommandError("没有导入：草稿在此期间被他人修改，请重新导入。") from conflicted
        except writing.Locked as locked:
            raise CommandError(f"没有导入：{locked}") from locked
        self.stdout.write(_told(budget, written, dry_run=dry_run))


def _draft(code: str, year: int) -> Budget:
    """The unit's draft of the furthest stage."""
    if not Unit.objects.filter(code=code).exists():
        raise CommandError(f"没有代码为{code}的单位。")
    drafts = Budget.objects.of_year(year).drafts().filter(unit__code=code).select_related("unit", "campaign")
    draft = max(drafts, key=lambda budget: stage_order(budget.stage), default=None)
    if draft is None:
        raise CommandError(f"单位{code}没有{year}年的草稿，不能导入。")
    return draft


def _person(username: str, unit: Unit) -> User:
    person = User.objects.filter(username=username).first()
    if person is None:
        raise CommandError(f"没有用户{username}。")
    if not can(person, "edit", unit):
        raise CommandError(f"用户{username}没有单位{unit.code}的编制权限。")
    return person


def _told(budget: Budget, written: writing.Written, *, dry_run: bool) -> str:
    where = f"{budget.unit.code} {budget.year}年{budget.stage_name}草稿"
    if not written:
        return f"{where}：没有变化（预算明细新增0条、修改0条、删除0条）。"
    parts = []
    for model, measure in ((Line, "条"), (Item, "个")):
        counts = [counted(rows)[model] for rows in (written.added, written.edited, written.removed)]
        words = "、".join(
            f"{word}{count}{measure}" for word, count in zip(("新增", "修改", "删除"), counts, strict=True)
        )
        parts.append(f"{model._meta.verbose_name}{words}")
    return f"{where}：{'；'.join(parts)}。" + ("（仅检查，未写入）" if dry_run else "")
