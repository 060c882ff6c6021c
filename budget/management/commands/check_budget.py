import json

from django.core.management.base import BaseCommand, CommandError

from budget import checking
from budget.books import NoBudget, select
from budget.checked_forms import report_json
from budget.reporting.rules import Status
from organisation.models import Unit


class Command(BaseCommand):
    help = "检查部门（或单位）的预算：每条规则的结果、两边数字和差额。有错误时退出码为1。"

    def add_arguments(self, parser):
        parser.add_argument("--department", required=True, help="部门代码，如 566")
        parser.add_argument("--year", type=int, required=True, help="预算年度")
        parser.add_argument("--unit", help="只检查该单位（代码，如 566001）")
        parser.add_argument("--stage", help="阶段：first、second、approved、adjusted-1…（默认最近的）")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args, department, year, unit, stage, **options):
        try:
            root = Unit.objects.departments().get(code=department)
            selection = select(Unit.objects.under(root).get(code=unit) if unit else root, year, stage)
        except Unit.DoesNotExist:
            raise CommandError(f"没有部门 {department}" + (f" 或其下的单位 {unit}。" if unit else "。")) from None
        except NoBudget as error:
            raise CommandError(f"{error}。") from None
        report = checking.check(selection)
        if options["json"]:
            self.stdout.write(json.dumps(report_json(report), ensure_ascii=False, indent=1))
        else:
            self._tell(report)
        if report.errors:
            raise SystemExit(1)

    def _tell(self, report):
        for one in report.results:
            if one.status in (Status.FAILED, Status.EXPLAINED):
                self.stdout.write(f"{one.rule.id} {one.severity.label}（{one.status.label}）{one.rule.title}")
                for checked in one.checked:
                    self.stdout.write(f"    {checked.finding.message}")
        counts = report.counts
        self.stdout.write(
            f"共 {len(report.results)} 条规则：通过 {counts['passed']}，错误 {counts['error']} 处，"
            f"警告 {counts['warning']} 处，提示 {counts['hint']} 处，已说明 {counts['explained']} 处，"
            f"不适用 {counts['not_applicable']} 条。"
        )
