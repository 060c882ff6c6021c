"""What a pasted table changes in a draft: worked out to be shown first, then written whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, field

from budget import cells, writing
from budget.importing import clipboard
from budget.models import Budget, Item
from records.models import ChangeRecord

from . import pasted
from .models import DepartmentGoal, DepartmentIndicator, DepartmentTask, ProjectIndicator
from .values import Value, hints

ADDED, EDITED, MOVED, SAME, REMOVED = "新增", "修改", "换序", "不变", "删除"
KEEP, REPLACE = "keep", "replace"


@dataclass(frozen=True)
class Kind:
    """What can be pasted: the rows of a model, known again by `key`; `columns` are shown in the preview."""

    what: str
    title: str
    model: type
    key: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    sample: str
    read: Callable[[list[list[str]]], pasted.Pasted]

    @property
    def is_of_indicators(self) -> bool:
        return hasattr(self.model, "operator")

    @property
    def labels(self) -> list[str]:
        return [label for _, label in self.columns]


_LEVELS = (("level_1", "一级指标"), ("level_2", "二级指标"), ("name", "三级指标"), ("printed", "指标值"))
_INDICATORS = (*_LEVELS, ("explanation", "指标值说明"))

PROJECT = Kind(
    "indicators",
    "绩效指标",
    ProjectIndicator,
    ("level_1", "name"),
    _INDICATORS,
    "一级指标、二级指标、三级指标、指标值、指标值说明；也可以是项目绩效目标表中四类指标并排的样子。",
    lambda table: pasted.indicators(table, ProjectIndicator.Level1.values),
)
DEPARTMENT = {
    kind.what: kind
    for kind in (
        Kind(
            "indicators",
            "部门整体绩效指标",
            DepartmentIndicator,
            ("level_1", "name"),
            _INDICATORS,
            "一级指标、二级指标、三级指标、指标值、指标值说明。",
            lambda table: pasted.indicators(table, DepartmentIndicator.Level1.values, needs_level_2=True),
        ),
        Kind(
            "goals",
            "年度履职目标",
            DepartmentGoal,
            ("text",),
            (("text", "年度履职目标"),),
            "一列：每行一条年度履职目标。",
            pasted.goals,
        ),
        Kind(
            "tasks",
            "年度主要任务",
            DepartmentTask,
            ("name",),
            (("name", "任务名称"), ("content", "主要内容")),
            "两列：任务名称、主要内容。",
            pasted.tasks,
        ),
    )
}


@dataclass(frozen=True)
class Step:
    """A row of the preview. `row`: its row in what was pasted, 0 where it is not there."""

    action: str
    row: int
    texts: tuple[str, ...]
    before: tuple[str, ...] = ()
    understood: str = ""
    hints: tuple[str, ...] = ()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Of each column the text, and what stood there where it changes."""
        before = self.before or self.texts
        return [(text, was if was != text else "") for text, was in zip(self.texts, before, strict=True)]


@dataclass
class Plan:
    """What would be written, row by row; with faults nothing is."""

    kind: Kind
    steps: list[Step] = field(default_factory=list)
    changes: list[writing.Change] = field(default_factory=list)
    faults: list[pasted.Fault] = field(default_factory=list)
    skipped: int = 0

    def count(self, action: str) -> int:
        return sum(step.action == action for step in self.steps)

    @property
    def counted(self) -> str:
        words = [
            f"{action} {count} 行" for action in (ADDED, EDITED, MOVED, REMOVED, SAME) if (count := self.count(action))
        ]
        return "，".join(words)


def plan(kind: Kind, text: str, owner: Budget | Item, mode: str) -> Plan:
    """What pasting the text would change. `owner`: what the rows hang on; mode REPLACE removes rows not in the text."""
    found = Plan(kind)
    try:
        said = kind.read(clipboard.rows_of(text))
    except cells.Refusal as refusal:
        found.faults.append(pasted.Fault(0, 0, str(refusal)))
        return found
    found.faults, found.skipped = said.faults, said.skipped
    hangs = {"item" if isinstance(owner, Item) else "budget": owner}
    stored = list(kind.model.objects.filter(**hangs))
    known: dict[tuple, list] = {}
    for row in stored:
        known.setdefault(_key(kind, lambda name, row=row: getattr(row, name)), []).append(row)
    last = max((row.position for row in stored), default=0)
    for at, (number, row_values) in enumerate(said.rows, 1):
        same = known.get(_key(kind, row_values.get))
        position = at if mode == REPLACE else None
        if same:
            _edit(found, number, same.pop(0), row_values, position)
        else:
            last += 1
            row = kind.model(**hangs, **row_values, position=position or last)
            found.steps.append(_step(kind, ADDED, number, row))
            found.changes.append(writing.Add(row))
    if mode == REPLACE:
        for row in (row for rows in known.values() for row in rows):
            found.steps.append(_step(kind, REMOVED, 0, row))
            found.changes.append(writing.Remove(kind.model, row.uid, row.version))
    return found


def _edit(found: Plan, number: int, row, row_values: dict, position: int | None) -> None:
    kind, before = found.kind, _texts(found.kind, row)
    wanted = {**row_values, **({"position": position} if position else {})}
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    action = EDITED if set(changed) - {"position"} else MOVED if changed else SAME
    found.steps.append(_step(kind, action, number, row, before))
    if changed:
        found.changes.append(writing.Edit(kind.model, row.uid, row.version, changed))


def last_operation(budget: Budget, by) -> str:
    """The uid of the last operation of the budget that this person pasted; "" where something else came after."""
    record = ChangeRecord.objects.filter(chain=budget.chain).order_by("-sequence").first()
    is_theirs = record is not None and record.via == ChangeRecord.Via.PASTE and record.by_id == by.pk
    return str(record.operation) if is_theirs else ""


def _step(kind: Kind, action: str, number: int, row, before: tuple[str, ...] = ()) -> Step:
    if not kind.is_of_indicators or action == REMOVED:
        return Step(action, number, _texts(kind, row), before)
    value = Value(row.operator, row.target, row.measure, row.wording)
    odd = tuple(hints(row.name, value, row.level_1))
    return Step(action, number, _texts(kind, row), before, value.understood, odd)


def _texts(kind: Kind, row) -> tuple[str, ...]:
    return tuple(getattr(row, name) for name, _ in kind.columns)


def _key(kind: Kind, get: Callable[[str], object]) -> tuple:
    return tuple("".join(cells.narrow(get(name) or "").split()) for name in kind.key)
