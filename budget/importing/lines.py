"""A file of budget lines, read whole against a draft: every mistake is found in one pass, with its cell and value.

The file is the unit's whole list of lines. Amounts are in 万元 unless the heading says 金额（元）;
an empty class is 未细化.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from budget import cells
from budget.models import Budget, Category, DraftRow, Line, Nature
from budget.reporting.collecting import without_collecting

from . import columns, files, guard
from .codes import UNSPECIFIED_NAME
from .columns import FLAGS, Mistake, Table
from .differences import Desired, DesiredItem, DesiredLine, Match, apply, changes, stored_items
from .dimensions import CLASSES, Dimensions, category_of, is_total, nature_by_government, nature_by_name, nature_of
from .stamp import CODES, HOWTO, Mistaken, Stamp

__all__ = ["Desired", "DesiredItem", "DesiredLine", "Mistake", "Reading", "apply", "changes", "read"]

MOST_ERRORS = 500
ITEM_NAME_LIMIT = 180
PROJECT_CODE = re.compile(r"\d{8}[0-9A-Z]{13}")
LISTED = 5


@dataclass
class Reading:
    """What a file says: the wanted lines, or what is wrong with it (the first 500; `unlisted`: how many more)."""

    desired: Desired
    errors: list[Mistake] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    unlisted: int = 0

    def error_texts(self) -> list[str]:
        """The errors as sentences with their cells, the last one saying how many are not listed."""
        more = [f"另有{self.unlisted}个错误没有列出。"] if self.unlisted else []
        return [*(str(error) for error in self.errors), *more]


@without_collecting()
def read(source: Path | str | bytes | files.Source, name: str, budget: Budget) -> Reading:
    """Read a file (a path, its bytes with the name it came under, or what was read of it) as lines of the draft.

    Plain lists and our own template filled in alike. Nothing is written.

    A constant number of queries. Where there are errors, `desired` is not to be used.
    """
    try:
        found = source if isinstance(source, files.Source) else guard.read(source, name)
    except files.FileRefused as refused:
        return Reading(Desired(), [Mistake(0, 0, "", str(refused))])
    stamp = Stamp.found(found.names)
    try:
        told = stamp.check(budget) if stamp else []
    except Mistaken as mistaken:
        return Reading(Desired(), [Mistake(0, 0, "", str(mistaken))])
    table, mistakes, notices = columns.find(found, ours=(CODES, HOWTO) if stamp else ())
    if table is None or mistakes:
        return Reading(Desired(), sorted(mistakes), told + notices)
    return _Reader(table, budget, told + notices).reading()


@dataclass(slots=True)
class _Row:
    """A row of the file as far as it could be read; None stands for what was refused or is not filled in."""

    number: int
    item: DesiredItem | None
    function: object = None
    economic: object = None
    government: object = None
    fund: object = None
    carried_over: bool = False
    fen: int | None = None
    refused: frozenset[str] = frozenset()
    is_open: bool = False  # the government class says 未细化: none is proposed
    uid: UUID | None = None
    flags: tuple[bool | None, ...] = (None, None, None)


class _Parsed(dict):
    """A column's cells as they were read, by (type, content): a value or its Refusal. The same content is read once."""

    def __init__(self, parser: Callable):
        super().__init__()
        self.parser = parser

    def __missing__(self, cell: tuple):
        try:
            found = self.parser(cell[1])
        except cells.Refusal as refusal:
            found = refusal
        self[cell] = found
        return found


class _Reader:
    def __init__(self, table: Table, budget: Budget, notices: list[str]):
        self.table, self.budget, self.notices = table, budget, notices
        self.campaign = budget.campaign
        self.dimensions = Dimensions(self.campaign)
        self.mistakes: list[Mistake] = []
        self.items: dict[tuple[str, str], DesiredItem] = {}
        self.first: dict[tuple[str, str], int] = {}  # item → the row it is first named in
        self.said: dict[tuple, tuple[str, int]] = {}  # (item, column) → what was said first, and in which row
        self.uids: set[UUID] = set()
        self.proposed: dict[tuple, list[str]] = defaultdict(list)
        parsers: dict[str, Callable] = {
            "category": category_of,
            "item": lambda value: cells.parse_text(value, ITEM_NAME_LIMIT),
            "project_code": _project_code,
            **{column: lambda value, column=column: self.dimensions.class_of(column, value) for column in CLASSES},
            "fund": self.dimensions.fund_of,
            "amount": lambda value: cells.parse_amount(value, table.unit, self.campaign.entry_step).fen,
            "nature": nature_of,
            "carried_over": cells.parse_yes_no,
            **dict.fromkeys(FLAGS, cells.parse_yes_no),
            "uid": _uid,
        }
        self.parsed = {column: _Parsed(parser) for column, parser in parsers.items()}

    def reading(self) -> Reading:
        rows = [self._row(number, values) for number, values in self.table.body()]
        rows = [row for row in rows if row is not None]
        if not rows and not self.mistakes:
            self.mistakes.append(Mistake(0, 0, "", "文件中没有明细行，不能用空表覆盖草稿。"))
        stored = stored_items(self.budget)
        self._check_codes()
        match = Match(list(self.items.values()), stored)
        self._check_clashes(match)
        natures = self._natures(rows, match)
        for row in rows:
            self._complete(row, natures)
        self._check_duplicates(rows)
        if "carried_over" not in self.table.at and Line.objects.of(self.budget).filter(carried_over=True).exists():
            self.notices.append("草稿中有上年结转的明细，而文件没有“上年结转”列：文件各行都按本年处理。")
        if waiting := DraftRow.objects.filter(budget=self.budget).count():
            self.notices.append(f"草稿中另有{waiting}个未完成行，导入不涉及它们。")
        self.notices.extend(self._proposals())
        for key, item in self.items.items():
            if not item.nature and key not in match.stored:
                item.nature = natures[key]
        errors = sorted(self.mistakes)
        lines = [] if errors else [_line(row) for row in rows]
        desired = Desired(list(self.items.values()), lines)
        return Reading(desired, errors[:MOST_ERRORS], self.notices, max(0, len(errors) - MOST_ERRORS))

    def _row(self, number: int, values: dict) -> _Row | None:
        if is_total(values["category"]) or (values["category"] is None and is_total(values["item"])):
            column = "item" if values["category"] is None else "category"
            self._refuse(number, column, f"{cells.quoted(values[column])}是合计行，请删除后再导入。")
            return None
        parsed, refused = {}, set()
        for column, value in values.items():
            found = None if value is None else self.parsed[column][type(value), value]
            if isinstance(found, cells.Refusal):
                self._refuse(number, column, str(found))
                refused.add(column)
                found = None
            parsed[column] = found
        for column in ("category", "item", "fund", "amount"):
            if column not in refused and parsed[column] in ("", None):
                self._refuse(number, column, self._blank(column, values[column]))
                refused.add(column)
        if "amount" not in refused and parsed["amount"] <= 0:
            self._refuse(number, "amount", f"{cells.quoted(values['amount'])}：金额须大于0。")
            refused.add("amount")
        item = None
        if not refused & {"category", "item"}:
            item = self._item(number, parsed)
        return _Row(
            number,
            item,
            parsed["function"],
            parsed["dept_economic"],
            parsed["gov_economic"],
            parsed["fund"],
            bool(parsed.get("carried_over")),
            parsed["amount"],
            frozenset(refused),
            isinstance(values["gov_economic"], str) and cells.narrow(values["gov_economic"]) == UNSPECIFIED_NAME,
            self._once(parsed.get("uid"), item),
            tuple(bool(parsed[flag]) if flag in values else None for flag in FLAGS),
        )

    def _once(self, uid: UUID | None, item: DesiredItem | None) -> UUID | None:
        """The row's uid; None where it stands in the file already: a row that was copied is a new one."""
        if uid is None or uid in self.uids:
            return None
        self.uids.add(uid)
        if item is not None:
            item.uids.add(uid)
        return uid

    def _blank(self, column: str, value) -> str:
        name = columns.HEADINGS[column][0]
        return f"{cells.quoted(value)}按未填处理，请填写{name}。" if value is not None else f"为空，请填写{name}。"

    def _refuse(self, number: int, column: str, message: str) -> None:
        self.mistakes.append(self.table.mistake(number, column, message))

    def _item(self, number: int, parsed: dict) -> DesiredItem:
        key = (parsed["category"], parsed["item"])
        item = self.items.get(key)
        if item is None:
            item = self.items[key] = DesiredItem(*key)
            self.first[key] = number
        for column, name, what in (("project_code", "code", "项目编码"), ("nature", "nature", "性质")):
            value = parsed.get(column)
            if not value:
                continue
            before, where = self.said.setdefault((key, column), (value, number))
            if before != value:
                place = self.table.address(where, column)
                self._refuse(number, column, f"“{value}”与 {place} “{before}”不一致：同一项目只能有一个{what}。")
            setattr(item, name, before)
        return item

    def _check_codes(self) -> None:
        """One project code, one item: else one project has two categories or names."""
        users: dict[str, tuple[tuple[str, str], int]] = {}
        for (key, column), (value, number) in self.said.items():
            if column != "project_code":
                continue
            before, where = users.setdefault(value, (key, number))
            if before != key:
                other = f"{Category(before[0]).label}“{before[1]}”"
                place = self.table.address(where, column)
                self._refuse(number, column, f"“{value}”与 {place} 的编码相同，那里是{other}：类别和名称须一致。")

    def _check_clashes(self, match: Match) -> None:
        for key, item in self.items.items():
            if clash := match.clash(item):
                same = f"编码{clash.code or '为空'}"
                self._refuse(
                    self.first[key], "item", f"“{item.name}”与草稿中保留的项目“{clash.name}”（{same}）重名或同编码。"
                )

    def _natures(self, rows: list[_Row], match: Match) -> dict[tuple[str, str], str]:
        """Each item's nature: as the file says, else as stored, else by its name, else by its government class."""
        natures = {}
        for key, item in self.items.items():
            stored = match.stored.get(key)
            natures[key] = item.nature or (stored.nature if stored else "") or nature_by_name(item.name)
        for row in rows:
            if row.item is not None and not natures[row.item.key]:
                natures[row.item.key] = nature_by_government(row.government)
        return {key: nature or Nature.ADMINISTRATIVE.value for key, nature in natures.items()}

    def _complete(self, row: _Row, natures: dict) -> None:
        """Fill in what follows: the government class of the department class, and 未细化 where that is allowed."""
        unspecified = self.dimensions.unspecified
        if row.function is None and "function" not in row.refused:
            if self.campaign.allow_unspecified_function:
                row.function = unspecified["function"]
            else:
                self._refuse(row.number, "function", "为空，请填写功能分类的项级科目。")
        if row.item is None:
            return
        may_be_open = row.item.is_project and self.campaign.allow_unspecified_economic
        message = "为空，请填写经济分类。" if row.item.is_project else "为空，基本支出的经济分类须细化到款。"
        is_blank = row.government is None and not row.is_open and "gov_economic" not in row.refused
        if is_blank and row.economic is not None:
            nature = natures[row.item.key]
            proposals = self.dimensions.proposals(row.economic, nature)
            if proposals:
                row.government = proposals[0]
                key = (row.economic.code, nature, proposals[0].code, len(proposals))
                self.proposed[key].append(self.table.address(row.number, "gov_economic"))
        for name, column in (("economic", "dept_economic"), ("government", "gov_economic")):
            if getattr(row, name) is None and column not in row.refused:
                if may_be_open:
                    setattr(row, name, unspecified[column])
                else:
                    self._refuse(row.number, column, message)

    def _proposals(self) -> list[str]:
        notices = []
        for (economic, nature, government, count), places in self.proposed.items():
            where = "、".join(places[:LISTED]) + (f"等{len(places)}处" if len(places) > LISTED else "")
            choice = f"（有{count}个对应，取第一个）" if count > 1 else ""
            notices.append(
                f"{where} 政府经济分类未填，已按部门经济分类{economic}（{nature}）填为{government}{choice}，请核对。"
            )
        return notices

    def _check_duplicates(self, rows: list[_Row]) -> None:
        seen: dict[tuple, int] = {}
        for row in rows:
            parts = (row.function, row.economic, row.government, row.fund)
            if row.item is None or None in parts or "carried_over" in row.refused:
                continue
            key = (id(row.item), *[part.id for part in parts], row.carried_over)
            if (before := seen.setdefault(key, row.number)) != row.number:
                codes = "/".join(part.code for part in parts)
                text = f"“{row.item.name}”与第{before}行是同一明细（{codes}），请与第{before}行合并金额。"
                self._refuse(row.number, "item", text)


def _line(row: _Row) -> DesiredLine:
    parts = (row.function, row.economic, row.government, row.fund, row.carried_over, row.fen)
    return DesiredLine(row.item, *parts, uid=row.uid, flags=row.flags)


def _uid(value) -> UUID | None:
    """The line that a row of our template stood for; None where the cell says nothing of the kind."""
    try:
        return UUID(cells.narrow(value)) if isinstance(value, str) else None
    except ValueError:
        return None


def _project_code(value) -> str:
    """A project code without the space that is printed inside it."""
    text = "".join(cells.narrow(cells.parse_text(value)).split())
    if text and not PROJECT_CODE.fullmatch(text):
        raise cells.Refusal(f"{cells.quoted(value)}不是项目编码：应为21位，前8位数字，后13位数字或大写字母。")
    return text
