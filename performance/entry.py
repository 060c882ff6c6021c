"""A whole project as one page: item, dossier, lines, costing, procurement, goal, indicators; one save, one write."""

from dataclasses import dataclass

from budget import cells
from budget.entry.editing import Editing
from budget.entry.fields import ChoiceField, NumberField, ShareField, TextField
from budget.entry.help import HELP
from budget.entry.lines import FUND, LineForm, complete_line, sum_of
from budget.entry.procurement import ProcurementForm
from budget.entry.row_sets import RowSet
from budget.entry.rows import RowForm
from budget.models import Item, Line, Nature, ProcurementLine
from projects.costing import Costing
from projects.entry import CostForm, DossierForm, ProjectForm
from projects.models import CostDetail, Dossier

from . import levels
from .models import Operator, ProjectGoal, ProjectIndicator
from .values import QUALITATIVE, SIGN, Value, combine, hints

_HELP = HELP["indicator"]
LEVEL_2 = "level-2"  # the list of usual level-2 indicators on the page
FROM_COSTS = "from-costs"  # what the button that fills in the lines asks for


class IndicatorForm(RowForm):
    """What the indicators of projects and of the department have in common."""

    label_field = "name"

    position = NumberField(label="序", required=False, css="c-order", help_text=_HELP["position"])
    level_2 = TextField(
        label="二级指标", limit=40, listed=LEVEL_2, required=False, css="c-middle", help_text=_HELP["level_2"]
    )
    name = TextField(label="三级指标", limit=100, css="c-indicator", help_text=_HELP["name"])
    operator = ChoiceField(
        label="符号",
        choices=Operator.choices,
        empty="自动",
        required=False,
        css="c-short",
        help_text=_HELP["operator"],
    )
    target = TextField(label="指标值", limit=60, css="c-middle", help_text=_HELP["target"])
    measure = TextField(label="计量单位", limit=20, required=False, css="c-short", help_text=_HELP["measure"])
    weight = ShareField(label="权重", required=False, css="c-number num", help_text=_HELP["weight"])
    explanation = TextField(label="指标值说明", limit=2000, required=False, help_text=_HELP["explanation"])

    VALUE = ("operator", "target", "measure")

    def clean(self):
        cleaned = super().clean()
        if self.stored is not None and not set(self.VALUE) & self.changed:
            return cleaned
        if "target" in self.errors or not cleaned.get("target"):
            return cleaned
        try:
            value = self._read()
        except cells.Refusal as refusal:
            self.add_error("target", str(refusal))
            return cleaned
        for name in self.VALUE:  # the fields keep what was typed, should the page be shown again
            cleaned[name] = getattr(value, name)
        self.changed |= {name for name in self.VALUE if cleaned[name] != self.shown[name]}
        self.wording = value.wording
        return cleaned

    wording: str | None = None

    def values(self):
        """The wording goes with the value it words."""
        values = super().values()
        return values if self.wording is None else {**values, "wording": self.wording}

    def _read(self) -> Value | None:
        """What operator, value and unit say together; those the person left alone give way to a value that says more.

        Raises cells.Refusal.
        """
        operator, target, measure = (self.typed(name) for name in self.VALUE)
        if self.stored is not None and "target" in self.changed:
            typed = combine("", target) if SIGN.search(cells.narrow(target)) else None
            operator = "" if typed and "operator" not in self.changed else operator
            measure = "" if typed and typed.measure and "measure" not in self.changed else measure
        return combine(operator, target, measure)

    @property
    def reading(self) -> "Reading":
        """How the value as it stands on the page is read."""
        if self.stored is not None and not set(self.VALUE) & self.changed:
            return Reading(self.stored.printed, hints=tuple(hints_of(self.stored)))
        try:
            value = self._read()
        except cells.Refusal:
            return Reading()
        return Reading.of(self.typed("name"), value, self.typed("level_1"))


@dataclass(frozen=True)
class Reading:
    """A value as the tables will print it, how it was understood where that is not the same, and what is odd."""

    printed: str = ""
    understood: str = ""
    hints: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, value: Value | None, level: str) -> "Reading":
        if value is None:
            return cls(hints=tuple(hints(name, None)))
        understood = value.understood if value.wording or value.operator == QUALITATIVE else ""
        return cls(value.printed, understood, tuple(hints(name, value, level)))


def hints_of(row: ProjectIndicator) -> list[str]:
    return hints(row.name, Value(row.operator, row.target, row.measure, row.wording), row.level_1)


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
    filled: tuple[str, ...] = ()
    levels = levels.PROJECT

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
        yield hanging(
            "costs",
            CostForm,
            CostDetail.objects.select_related("economic", "fund"),
            "测算明细",
            extra=0,
            has_computed=True,
        )
        yield hanging(
            "procurement", ProcurementForm, ProcurementLine.objects, "政府采购", extra=0, owner=self._of_the_budget
        )
        yield hanging("goal", GoalForm, ProjectGoal.objects, "绩效目标", is_single=True)
        yield hanging(
            "indicators", ProjectIndicatorForm, ProjectIndicator.objects, "绩效指标", extra=0, has_computed=True
        )
        yield hanging("dossier", DossierForm, Dossier.objects, "项目档案", is_single=True)

    def _of_the_budget(self) -> dict:
        return {"budget": self.budget, "item": self.sets["item"].rows[0].instance}

    def add_row(self, wanted):
        if wanted != FROM_COSTS:
            return super().add_row(wanted)
        self.show_only()
        self.filled = tuple(self.costing.fill(self.sets["lines"])) if self.draft.is_writable else ()
        return None

    @property
    def costing(self) -> Costing:
        """The costs beside the lines they are parts of, as both stand on the page."""
        return Costing(self.sets["lines"].rows, self.sets["costs"].rows, self.draft)

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
