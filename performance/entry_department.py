"""绩效目标 of the department as a whole: goals, tasks, indicators (table 14)."""

import csv
from pathlib import Path

from budget.entry.editing import Editing
from budget.entry.fields import ChoiceField, NumberField, TextField
from budget.entry.help import HELP
from budget.entry.row_sets import RowSet
from budget.entry.rows import RowForm

from . import levels
from .entry import LEVEL_2, IndicatorForm
from .models import DepartmentGoal, DepartmentIndicator, DepartmentTask

TEMPLATE = Path(__file__).parent / "data" / "management_indicators.csv"
TEMPLATE_ROWS = "template"  # what the button asks for
_HELP = HELP["department"]


class GoalForm(RowForm):
    model = DepartmentGoal

    position = NumberField(label="序", required=False, css="c-order", help_text=_HELP["position"])
    text = TextField(label="年度履职目标", limit=2000, lines=3, css="c-wide", help_text=_HELP["goal"])


class TaskForm(RowForm):
    model = DepartmentTask
    label_field = "name"

    position = NumberField(label="序", required=False, css="c-order", help_text=_HELP["position"])
    name = TextField(label="任务名称", limit=200, css="c-name", help_text=_HELP["task"])
    content = TextField(label="主要内容", limit=2000, lines=2, css="c-wide", help_text=_HELP["content"])


class DepartmentIndicatorForm(IndicatorForm):
    model = DepartmentIndicator

    level_1 = ChoiceField(
        label="一级指标",
        choices=DepartmentIndicator.Level1.choices,
        empty="请选择",
        css="c-middle",
        help_text=_HELP["level_1"],
    )
    level_2 = TextField(label="二级指标", limit=40, listed=LEVEL_2, css="c-middle", help_text=_HELP["level_2"])
    field_order = ("position", "level_1", "level_2")


class DepartmentEditing(Editing):
    """Goals, tasks and indicators; the rows of the province's template are filled in, not typed."""

    levels = levels.DEPARTMENT

    def build(self):
        kinds = {"indicators": {"has_computed": True}}
        for name, form, title in (
            ("goals", GoalForm, "年度履职目标"),
            ("tasks", TaskForm, "年度主要任务"),
            ("indicators", DepartmentIndicatorForm, "绩效指标"),
        ):
            stored = form.model.objects.filter(budget=self.budget)
            yield RowSet(
                name, form, self.draft, stored, title=title, posted=self.posted, extra=0, **kinds.get(name, {})
            )

    def add_row(self, wanted):
        if wanted != TEMPLATE_ROWS:
            return super().add_row(wanted)
        self.show_only()
        rows = self.sets["indicators"]
        added = [rows.suggest(values) for values in self.lacking()] if rows.can_grow else []
        return added[0] if added else None

    def lacking(self) -> list[dict[str, str]]:
        """The rows of 投入管理指标 in the province's template that the draft does not have, by their name."""
        there = {row.typed("name") for row in self.sets["indicators"].rows if not row.is_removed}
        return [row for row in template_rows() if row["name"] not in there]


def template_rows() -> list[dict[str, str]]:
    """The province's 投入管理指标: level_1, level_2, name, operator, target, measure, explanation."""
    with TEMPLATE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
