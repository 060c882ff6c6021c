"""A whole project as one page: item, dossier, lines, costing, procurement, goal, indicators; one save, one write."""

from budget.entry.editing import Editing
from budget.entry.fields import ChoiceField, NumberField, ShareField, TextField
from budget.entry.help import HELP
from budget.entry.lines import FUND, LineForm, complete_line, sum_of
from budget.entry.procurement import ProcurementForm
from budget.entry.row_sets import RowSet
from budget.entry.rows import RowForm
from budget.models import Item, Line, Nature, ProcurementLine
from projects.entry import CostForm, DossierForm, ProjectForm
from projects.models import CostDetail, Dossier

from .models import Operator, ProjectGoal, ProjectIndicator

_HELP = HELP["indicator"]


class IndicatorForm(RowForm):
    """What the indicators of projects and of the department have in common."""

    label_field = "name"

    position = NumberField(label="序", required=False, css="c-order", help_text=_HELP["position"])
    level_2 = TextField(label="二级指标", limit=40, required=False, css="c-middle", help_text=_HELP["level_2"])
    name = TextField(label="三级指标", limit=100, help_text=_HELP["name"])
    operator = ChoiceField(
        label="符号", choices=Operator.choices, empty="请选择", css="c-short", help_text=_HELP["operator"]
    )
    target = TextField(label="指标值", limit=60, css="c-middle", help_text=_HELP["target"])
    measure = TextField(label="计量单位", limit=20, required=False, css="c-short", help_text=_HELP["measure"])
    weight = ShareField(label="权重", required=False, css="c-number num", help_text=_HELP["weight"])
    explanation = TextField(label="指标值说明", limit=2000, required=False, help_text=_HELP["explanation"])


class ProjectIndicatorForm(IndicatorForm):
    model = ProjectIndicator

    level_1 = ChoiceField(
        label="一级指标",
        choices=ProjectIndicator.Level1.choices,
        empty="请选择",
        css="c-middle",
        help_text=_HELP["level_1"],
    )
    field_order = ("position", "level_1", "level_2")


class GoalForm(RowForm):
    model = ProjectGoal
    essential = "text"

    text = TextField(label="绩效目标", limit=2000, lines=3, required=False, css="wide", help_text=HELP["goal"]["text"])


class ProjectEditing(Editing):
    """`item`: the project as stored, None for a new one."""

    item: Item | None = None

    def build(self):
        item = self.item
        if item is not None:
            item.budget = self.budget
        project = RowSet(
            "item",
            ProjectForm,
            self.draft,
            [item] if item else [],
            title="项目",
            posted=self.posted,
            is_single=True,
            defaults={"nature": Nature.ADMINISTRATIVE.value},
        )
        yield project

        def hanging(name, form, rows, title, **kwargs):
            rows = rows.filter(item=item) if item else ()
            return RowSet(
                name, form, self.draft, rows, title=title, posted=self.posted, parents=project, of_one=True, **kwargs
            )

        lines = Line.objects.select_related("function", "economic", "government", "fund")
        yield hanging("lines", LineForm, lines, "预算明细", extra=0 if item else 1, defaults={"fund": FUND})
        yield hanging("costs", CostForm, CostDetail.objects, "测算明细", extra=0, has_computed=True)
        yield hanging(
            "procurement", ProcurementForm, ProcurementLine.objects, "政府采购", extra=0, owner=self._of_the_budget
        )
        yield hanging("goal", GoalForm, ProjectGoal.objects, "绩效目标", is_single=True)
        yield hanging("indicators", ProjectIndicatorForm, ProjectIndicator.objects, "绩效指标", extra=0)
        yield hanging("dossier", DossierForm, Dossier.objects, "项目档案", is_single=True)

    def _of_the_budget(self) -> dict:
        return {"budget": self.budget, "item": self.sets["item"].rows[0].instance}

    @property
    def project(self) -> RowForm:
        return self.sets["item"].rows[0]

    def is_skipped(self, row):
        return super().is_skipped(row) and row is not self.project

    def complete(self):
        if not self.project.is_bound and self.project.stored is None:
            self.general.append("请填写项目的基本信息。")
        for row in self.judged():
            if row.rows.name == "lines":
                told = complete_line(row, self.project, self.draft)
                if told and row.stored is not None:
                    self.notices.append(told)
            elif row.rows.name == "dossier":
                row.check()

    @property
    def total(self) -> int:
        return sum_of(self.sets["lines"].rows)

    @property
    def costs(self) -> int:
        return sum(row.fen for row in self.sets["costs"].rows)

    @property
    def cost_difference(self) -> int:
        return self.costs - self.total

    @property
    def procured(self) -> int:
        return sum_of(self.sets["procurement"].rows)
