from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from budget.books import NoBudget, select
from budget.readback import Differs
from budget.reporting import registry
from organisation.models import Unit
from publication.document import NoText
from publication.export import FORMATS, HasMisfits, export
from publication.pdf import NoFonts


class Command(BaseCommand):
    help = "导出部门（或单位）预算：全部表格（xlsx、json、csv）或整本文件（docx、pdf）。不公开的项目不列出。"

    def add_arguments(self, parser):
        parser.add_argument("--department", required=True, help="部门代码，如 566")
        parser.add_argument("--year", type=int, required=True, help="预算年度")
        parser.add_argument("--unit", help="只导出该单位（代码，如 566001）")
        parser.add_argument("--stage", help="阶段：first、second、approved、adjusted-1…（默认最近的）")
        parser.add_argument("--set", dest="table_set", choices=list(registry.sets()), help="表套（默认编制所用的）")
        parser.add_argument("--format", dest="form", choices=FORMATS, required=True)
        parser.add_argument("--out", type=Path, required=True, help="输出文件（csv 为文件夹）")

    def handle(self, *args, department, year, unit, stage, table_set, form, out: Path, **options):
        organisation = self._organisation(department, unit)
        try:
            selection = select(organisation, year, stage)
        except NoBudget as error:
            raise CommandError(f"{error}。") from None
        wanted = registry.sets()[table_set] if table_set else None
        try:
            tables = export(selection, form, out, created=timezone.localtime(), table_set=wanted)
        except (HasMisfits, NoText, NoFonts, Differs, OSError) as error:
            raise CommandError(str(error)) from None
        for lacking in selection.lacking:
            self.stderr.write(f"注意：{lacking} 没有这一阶段的预算，未包括在内。")
        self.stdout.write(f"已导出{tables}张表：{out}")

    def _organisation(self, department: str, unit: str | None) -> Unit:
        try:
            root = Unit.objects.departments().get(code=department)
            return Unit.objects.under(root).get(code=unit) if unit else root
        except Unit.DoesNotExist:
            raise CommandError(f"没有部门 {department}" + (f" 或其下的单位 {unit}。" if unit else "。")) from None
