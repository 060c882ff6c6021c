"""All lines of a budget in one form: rows as shown, rows as typed, and the changes between them.

A row that comes back as it was shown is not touched, whatever others did to it meanwhile: each row carries a digest
of what was shown. Cells are read by the one grammar; what is left open follows as in an import.
"""

import hashlib
import re
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from . import cells, writing
from .administration import both_values
from .importing.dimensions import Dimensions
from .models import Budget, Item, Line, Nature
from .reporting.money import YUAN, yuan

COLUMNS = {
    "item": "项目",
    "function": "功能分类",
    "economic": "部门经济分类",
    "government": "政府经济分类",
    "fund": "资金性质",
    "carried_over": "上年结转",
    "amount": "金额（元）",
}
CLASSES = {"function": "function", "economic": "dept_economic", "government": "gov_economic"}
ITEM_COLUMNS = {"category": "类别", "name": "项目名称", "code": "项目编码", "nature": "性质"}
UNSPECIFIED = "未细化"
CARRIED = "on"
ROW_NAME = re.compile(r"row-(\d{1,6})-item")
KEY = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}):(\d{1,9}):([0-9a-f]{12})")
NEW_ITEMS, NEW_ROWS, MOST_ROWS = 3, 5, 1500


@dataclass
class SheetRow:
    """A line in the form. `key`: its uid, version and digest; "" for a new row. `errors`: by column, "" the row."""

    number: int
    key: str
    cells: dict[str, str]
    names: dict[str, str] = field(default_factory=dict)
    remove: bool = False
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not self.key and not any(self.cells.values())

    @property
    def is_as_shown(self) -> bool:
        found = KEY.fullmatch(self.key)
        return bool(found) and not self.remove and found[3] == digest(self.cells)

    @property
    def inputs(self) -> list[tuple[str, str, str, str, list[str]]]:
        """(column, its name, what is typed, the name of the code, its errors), in order."""
        return [
            (column, name, self.cells.get(column, ""), self.names.get(column, ""), self.errors.get(column, []))
            for column, name in COLUMNS.items()
        ]

    @property
    def all_errors(self) -> list[tuple[str, str]]:
        """(name of the column or "", message)."""
        return [(COLUMNS.get(column, ""), text) for column, texts in self.errors.items() for text in texts]

    def err(self, column: str, message: str) -> None:
        self.errors.setdefault(column, []).append(message)


@dataclass
class NewItem:
    """An item typed above the lines, for new lines to hang on."""

    number: int
    cells: dict[str, str]
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def inputs(self):
        return [(one, name, self.cells.get(one, ""), self.errors.get(one, [])) for one, name in ITEM_COLUMNS.items()]

    @property
    def is_blank(self) -> bool:
        return not self.cells.get("name") and not self.cells.get("code")


def digest(shown: dict[str, str]) -> str:
    return hashlib.sha256("\x1f".join(shown.get(column, "") for column in COLUMNS).encode()).hexdigest()[:12]


def label_of(item: Item) -> str:
    """An item as it is typed in a row: unique in its budget."""
    return f"{item.get_category_display()}·{item.name}"


class Sheet:
    """The form of a budget's lines: `shown` from what is stored, `typed` from what came back."""

    def __init__(self, budget: Budget):
        self.budget = budget
        self.dimensions = Dimensions(budget.campaign)
        self.items = list(Item.objects.of(budget))
        for item in self.items:
            item.budget = budget
        self.by_label = {label_of(item): item for item in self.items}
        self.rows: list[SheetRow] = []
        self.new_items = [NewItem(number, {}) for number in range(NEW_ITEMS)]
        self.errors: list[str] = []

    # ---- as stored

    def show(self, first: int = 0, most: int = MOST_ROWS) -> None:
        """The stored lines from the `first` on, and some empty rows."""
        by_pk = {item.pk: item for item in self.items}
        lines = Line.objects.of(self.budget).select_related("function", "economic", "government", "fund")
        for number, line in enumerate(lines[first : first + most], first):
            line.item = by_pk[line.item_id]
            shown = cells_of(line)
            key = f"{line.uid}:{line.version}:{digest(shown)}"
            self.rows.append(SheetRow(number, key, shown))
        self.add_blank()
        self._name_codes()

    def add_blank(self) -> None:
        last = max((row.number for row in self.rows), default=-1)
        self.rows.extend(SheetRow(last + more, "", {}) for more in range(1, NEW_ROWS + 1))

    @property
    def total(self) -> Decimal:
        """The sum of what can be read as an amount, 元."""
        fen = 0
        for row in self.rows:
            try:
                fen += 0 if row.remove else cells.parse_amount(row.cells.get("amount"), YUAN, cells.FEN_STEP).fen or 0
            except cells.Refusal:
                continue
        return yuan(fen)

    def _name_codes(self) -> None:
        for row in self.rows:
            for column, source in CLASSES.items():
                found = self.dimensions.classes[source].get(row.cells.get(column, ""))
                row.names[column] = found.name if found else ""

    # ---- as typed

    def read(self, posted) -> None:
        numbers = sorted(int(found[1]) for found in map(ROW_NAME.fullmatch, posted) if found)
        if len(numbers) > MOST_ROWS + 500:
            self.errors.append(f"一次最多保存{MOST_ROWS + 500}行。")
            numbers = []
        for number in numbers:
            typed = {column: posted.get(f"row-{number}-{column}", "").strip() for column in COLUMNS}
            typed["carried_over"] = CARRIED if typed["carried_over"] else ""
            key = posted.get(f"row-{number}-key", "")
            row = SheetRow(number, key if KEY.fullmatch(key) else "", typed)
            row.remove = f"row-{number}-remove" in posted
            self.rows.append(row)
        for one in self.new_items:
            one.cells = {column: posted.get(f"new-{one.number}-{column}", "").strip() for column in ITEM_COLUMNS}
        self._name_codes()

    def changes(self) -> list[tuple[object, writing.Change]]:
        """(the row or new item, its change) for everything that differs from what was shown; errors go to the rows."""
        found: list[tuple[object, writing.Change]] = []
        fresh: dict[str, Item] = {}
        position = max((item.position for item in self.items), default=0)
        for one in self.new_items:
            if not one.is_blank:
                position += 1
                item = Item(
                    budget=self.budget,
                    category=one.cells["category"],
                    name=one.cells["name"],
                    code=one.cells["code"].replace(" ", ""),
                    nature=one.cells["nature"] or Nature.ADMINISTRATIVE.value,
                    position=position,
                )
                fresh[label_of(item)] = item
                found.append((one, writing.Add(item)))
        for row in self.rows:
            change = None if row.is_blank or row.is_as_shown else self._change(row, fresh)
            if change is not None:
                found.append((row, change))
        return found

    def _change(self, row: SheetRow, fresh: dict[str, Item]) -> writing.Change | None:
        known = KEY.fullmatch(row.key)
        if row.remove:
            return writing.Remove(Line, uuid.UUID(known[1]), int(known[2])) if known else None
        values = self._values(row, fresh)
        if row.errors:
            return None
        if known:
            return writing.Edit(Line, uuid.UUID(known[1]), int(known[2]), values)
        return writing.Add(Line(**values))

    def _values(self, row: SheetRow, fresh: dict[str, Item]) -> dict:
        values = {"carried_over": bool(row.cells["carried_over"])}
        readers = {
            "item": lambda text: self._item(text, row, fresh),
            **{one: partial(self.dimensions.class_of, source) for one, source in CLASSES.items()},
            "fund": self.dimensions.fund_of,
            "amount": lambda text: cells.parse_amount(text, YUAN, self.budget.campaign.entry_step).fen,
        }
        for column, read in readers.items():
            try:
                values[column] = read(row.cells[column])
            except cells.Refusal as refusal:
                row.err(column, str(refusal))
        for column in ("item", "fund", "amount"):
            if column in values and values[column] is None:
                row.err(column, f"请填写{COLUMNS[column].partition('（')[0]}。")
        if row.errors:
            return values
        values["amount"] = yuan(values["amount"])
        self._complete(values)
        return values

    def _complete(self, values: dict) -> None:
        """The government class that goes with the department class; 未细化 where nothing is said."""
        if values["government"] is None and values["economic"] is not None:
            proposed = self.dimensions.proposals(values["economic"], values["item"].nature)
            values["government"] = proposed[0] if proposed else None
        for column, source in CLASSES.items():
            values[column] = values[column] or self.dimensions.unspecified[source]

    def _item(self, text: str, row: SheetRow, fresh: dict[str, Item]) -> Item | None:
        """The item that a cell names, by its label or, where one item alone has it, by its name. Raises Refusal."""
        if not text:
            return None
        if text in self.by_label:
            return self.by_label[text]
        named = [item for item in (*self.items, *fresh.values()) if text in (item.name, label_of(item))]
        if len(named) != 1:
            why = "有多个同名项目，请写成“类别·项目”" if named else "不是本预算的项目，请先在上方新增"
            raise cells.Refusal(f"{cells.quoted(text)}{why}。")
        if named[0]._state.adding and row.key:
            raise cells.Refusal(f"{cells.quoted(text)}是新项目，请在新行填写其明细。")
        return named[0]

    # ---- refused

    def explain(self, refused: writing.Refused, sources: list) -> None:
        """The writer's problems, at their rows."""
        for problem in refused.problems:
            place = sources[problem.at] if 0 <= problem.at < len(sources) else None
            if place is None:
                self.errors.append(problem.message)
            else:
                place.errors.setdefault(problem.field, []).append(problem.message)

    def explain_conflicts(self, conflicted: writing.Conflicted, sources: list) -> None:
        """Both values, at their rows; saved again, what is typed here counts."""
        for conflict in conflicted.conflicts:
            row = sources[conflict.at]
            if conflict.stored is None:
                row.key, row.remove = "", False
                row.err("", "此行已被他人删除。再次保存则按新行加入；不要它请清空此行。")
                continue
            line = conflict.stored
            row.key = f"{line.uid}:{line.version}:{digest(cells_of(line))}"
            for difference in conflict.differences:
                row.err(difference.field, both_values(difference))
            if not conflict.differences:
                row.err("", f"此行已被他人修改，现为 {line.amount} 元。再次保存则删除。")


def cells_of(line: Line) -> dict[str, str]:
    """A stored line as the form shows it."""
    classes = {column: getattr(line, column) for column in CLASSES}
    return {
        "item": label_of(line.item),
        **{column: UNSPECIFIED if row.is_unspecified else row.code for column, row in classes.items()},
        "fund": line.fund.label or line.fund.code,
        "carried_over": CARRIED if line.carried_over else "",
        "amount": str(line.amount),
    }
