"""Last year's published workbook read into plain facts: tables 3, 6, 7 and 12 of any set that prints them.

A table is known by its headings, not by its sheet's name; a Grid of ours is read by the same rules, so that what was
printed and what was rebuilt can be compared.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field

from budget import cells
from budget.importing.dimensions import category_of
from budget.importing.files import Sheet, Source
from budget.reporting.grid import Grid
from budget.reporting.money import FEN_PER, WAN

EXPENDITURE, PAIRS, BASIC, PROJECTS = "expenditure", "general_basic_by_economic", "basic_items", "projects"
TABLES = (EXPENDITURE, PAIRS, BASIC, PROJECTS)
DEEPEST, SEARCHED = 4, 12  # levels of a header; rows in which it may begin
CLASSES = {
    "basic.personnel.wages": "301",
    "basic.personnel.assistance": "303",
    "basic.operating.goods": "302",
    "basic.operating.capital": "310",
}
CATEGORIES = {"project.other_running": "22", "project.targeted": "3"}
FUNDS = {  # column of tables 7 and 12 → (fund, carried over)
    "this_year.general": ("11", False),
    "this_year.government_fund": ("12", False),
    "this_year.state_capital": ("13", False),
    "carried_over.general": ("11", True),
    "carried_over.government_fund": ("12", True),
    "carried_over.state_capital": ("13", True),
    "special_account": ("2", False),
    "unit_funds": ("3", False),
}
UNIT_OF_ACCOUNT = re.compile(r"单位[:：]\s*(万元|元)")
ORGANISATION = re.compile(r"(?:部门|单位)[^:：]{0,6}名称[:：]\s*(\S+)")
YEAR = re.compile(r"(20\d\d)年")


class NotPublished(ValueError):
    """Why a workbook is none that can be rebuilt: sentences, all of them."""

    def __init__(self, errors: Iterable[str]):
        self.errors = list(errors)
        super().__init__("\n".join(self.errors))


@dataclass
class Facts:
    """What the four tables say, in 分. Amounts are keyed by columns; zeros are left out."""

    functions: dict[str, dict[str, int]] = field(default_factory=dict)  # functional code → class or category → 分
    names: dict[str, str] = field(default_factory=dict)  # functional code → its printed name
    pairs: dict[str, int] = field(default_factory=dict)  # "30101/50101" → 分
    basic: dict[str, dict[str, int]] = field(default_factory=dict)  # "category/name" → column of FUNDS → 分
    projects: dict[str, dict[str, int]] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)  # table → the printed total
    year: int | None = None
    organisation: str = ""
    notices: list[str] = field(default_factory=list)

    def plain(self) -> dict:
        return asdict(self)

    def take(self, key: str, rows: Iterable[Mapping]) -> None:
        """Take in the rows of a table: column key → words, or 分."""
        {EXPENDITURE: self._functions, PAIRS: self._pairs}.get(key, self._items)(key, rows)

    def _functions(self, key: str, rows: Iterable[Mapping]) -> None:
        for row in rows:
            parts = [
                _digits(row.get(f"code.{level}"), width) for level, width in (("class", 3), ("kind", 2), ("item", 2))
            ]
            code = "".join(parts)
            if len(code) == 7:
                found = self.functions.setdefault(code, {})
                self.names[code] = str(row.get("name") or "")
                for column, name in (CLASSES | CATEGORIES).items():
                    _add(found, name, row.get(column))
            elif _is_total(row.get("name")):
                self.totals[key] = _fen(row.get("total"))

    def _pairs(self, key: str, rows: Iterable[Mapping]) -> None:
        for row in rows:
            economic, government = (_digits(row.get(f"{side}.code"), 5) for side in ("economic", "government"))
            if len(economic) == len(government) == 5:
                _add(self.pairs, f"{economic}/{government}", row.get("basic.total"))
            elif _is_total(row.get("economic.code")) or _is_total(row.get("economic.name")):
                self.totals[key] = _fen(row.get("basic.total"))

    def _items(self, key: str, rows: Iterable[Mapping]) -> None:
        items = self.basic if key == BASIC else self.projects
        units = set()
        for row in rows:
            category, name = str(row.get("category") or ""), str(row.get("name") or "").strip()
            try:
                code = category_of(category)
            except cells.Refusal:
                code = ""
            if any(_is_total(row.get(word)) for word in ("category", "name", "unit")):
                self.totals[key] = _fen(row.get("total"))
            elif code and name:
                units.add(str(row.get("unit") or ""))
                found = items.setdefault(f"{code}/{name}", {})
                for column in FUNDS:
                    _add(found, column, row.get(column))
        if len(units - {""}) > 1:
            raise NotPublished([f"表中有{len(units)}个单位的项目，只能从一个单位的预算推算，请用本单位的单位预算。"])

    def check(self) -> None:
        """Say where the printed tables do not add up in themselves or with each other."""
        basic = sum(amount for row in self.functions.values() for name, amount in row.items() if len(name) == 3)
        project = sum(amount for row in self.functions.values() for name, amount in row.items() if len(name) < 3)
        sums = {
            EXPENDITURE: basic + project,
            PAIRS: sum(self.pairs.values()),
            BASIC: sum(amount for row in self.basic.values() for amount in row.values()),
            PROJECTS: sum(amount for row in self.projects.values() for amount in row.values()),
        }
        for key, total in self.totals.items():
            if total != sums[key]:
                self.notices.append(f"{TITLES[key]}的合计{_wan(total)}万元，各行相加是{_wan(sums[key])}万元。")
        for title, here, there in (
            ("基本支出", basic, sums[BASIC]),
            ("项目支出", project, sums[PROJECTS]),
        ):
            if here != there:
                self.notices.append(f"{title}在支出总表中是{_wan(here)}万元，在项目表中是{_wan(there)}万元。")


TITLES = {EXPENDITURE: "支出总表", PAIRS: "基本支出经济分类表", BASIC: "基本支出明细表", PROJECTS: "项目支出表"}


def read(source: Source, layouts: Mapping[str, Iterable[Grid]]) -> Facts:
    """The facts of a workbook. `layouts`: for each table, grids with the headings it may have. Raises NotPublished."""
    facts = Facts()
    lacking = []
    for key in TABLES:
        found = next((one for one in (_find(source, grid) for grid in layouts[key]) if one is not None), None)
        if found is None:
            lacking.append(TITLES[key])
            continue
        sheet, top, depth, places = found
        above = [str(value) for number, values in sheet.rows if number < top for value in values if value is not None]
        _read_above(facts, [sheet.name, *above])
        unit = next((match[1] for text in above if (match := UNIT_OF_ACCOUNT.search(text))), WAN)
        facts.take(key, list(_rows(sheet, top + depth, places, unit)))
    if lacking:
        raise NotPublished([f"工作簿中没有找到{'、'.join(lacking)}：须有支出总表和它的三张明细表，表头与公开的一致。"])
    if not facts.functions:
        raise NotPublished(["支出总表中没有项级科目的金额。"])
    facts.check()
    return facts


def of_grids(grids: Mapping[str, Grid]) -> Facts:
    """The facts of tables that the engine computed."""
    facts = Facts()
    for key, grid in grids.items():
        columns = [column.key for column in grid.columns]
        facts.take(key, [dict(zip(columns, row.cells, strict=True)) for row in grid.rows])
    return facts


def differences(printed: Facts, rebuilt: Facts) -> list[str]:
    """Every figure of the four tables that came out otherwise."""
    found = []
    for title, one, other in (
        (TITLES[EXPENDITURE], _flat(printed.functions), _flat(rebuilt.functions)),
        (TITLES[PAIRS], printed.pairs, rebuilt.pairs),
        (TITLES[BASIC], _flat(printed.basic), _flat(rebuilt.basic)),
        (TITLES[PROJECTS], _flat(printed.projects), _flat(rebuilt.projects)),
    ):
        for key in dict.fromkeys([*one, *other]):
            was, now = one.get(key, 0), other.get(key, 0)
            if was != now:
                words = " ".join(WORDS.get(part, part) for part in (key if isinstance(key, tuple) else (key,)))
                found.append(f"{title} {words}：原表 {_wan(was)}，推算 {_wan(now)}（万元）。")
    return found


WORDS = {
    "301": "工资福利支出",
    "303": "对个人和家庭的补助",
    "302": "商品和服务支出",
    "310": "资本性支出",
    "22": "其他运转类",
    "3": "特定目标类",
    "this_year.general": "本年一般公共预算",
    "this_year.government_fund": "本年政府性基金预算",
    "this_year.state_capital": "本年国有资本经营预算",
    "carried_over.general": "结转一般公共预算",
    "carried_over.government_fund": "结转政府性基金预算",
    "carried_over.state_capital": "结转国有资本经营预算",
    "special_account": "财政专户管理资金",
    "unit_funds": "单位资金",
}


def _flat(table: Mapping[str, Mapping[str, int]]) -> dict[tuple[str, str], int]:
    return {(key, name): amount for key, row in table.items() for name, amount in row.items()}


# ---- finding a table


def _find(source: Source, grid: Grid) -> tuple[Sheet, int, int, dict[str, int]] | None:
    """(sheet, first row of the header, its depth, column key → place) of the sheet with all headings of the grid."""
    wanted = {_path(column.path): column.key for column in grid.columns}
    for sheet in source.sheets:
        rows = dict(sheet.rows)
        for top in sorted(rows)[:SEARCHED]:
            for depth in range(1, DEEPEST + 1):
                paths = _paths(sheet, rows, top, depth)
                places = [paths.get(path) for path in wanted]
                # tables 7 and 12 have the same headings in another order
                if None not in places and places == sorted(places):
                    return sheet, top, depth, dict(zip(wanted.values(), places, strict=True))
    return None


def _paths(sheet: Sheet, rows: dict[int, list], top: int, depth: int) -> dict[str, int]:
    """Heading path → place of the column, were the header to stand in these rows."""
    over = {
        (row, column): (first, left)
        for first, left, bottom, right in sheet.merged
        if top <= first < top + depth
        for row in range(first, min(bottom, top + depth) + 1)
        for column in range(left, right + 1)
    }
    width = max((len(rows.get(row, ())) for row in range(top, top + depth)), default=0)
    found: dict[str, int] = {}
    for column in range(1, width + 1):
        labels: list[str] = []
        for row in range(top, top + depth):
            at, place = over.get((row, column), (row, column))
            values = rows.get(at, ())
            text = values[place - 1] if place <= len(values) else None
            if isinstance(text, str) and (not labels or labels[-1] != text):
                labels.append(text)
        found.setdefault(_path(labels), column - 1)
    return found


def _path(labels: Iterable[str]) -> str:
    return "/".join("".join(cells.narrow(label).split()) for label in labels)


def _read_above(facts: Facts, texts: list[str]) -> None:
    for text in texts:
        if facts.year is None and (year := YEAR.search(text)):
            facts.year = int(year[1])
        if not facts.organisation and (name := ORGANISATION.search(text)):
            facts.organisation = name[1]


def _rows(sheet: Sheet, first: int, places: dict[str, int], unit: str) -> Iterator[dict]:
    """The rows below the header: words as they stand, amounts in 分. Raises NotPublished with every wrong amount."""
    wrong = []
    for number, values in sheet.rows:
        if number < first:
            continue
        row: dict = {}
        for key, at in places.items():
            value = values[at] if at < len(values) else None
            if _is_word(key):
                row[key] = cells.parse_text(value) if not isinstance(value, cells.Unreadable) else ""
                continue
            try:
                row[key] = cells.parse_amount(value, unit, cells.FEN_STEP).fen or 0
            except cells.Refusal as refusal:
                wrong.append((sheet.address(number, at + 1), str(refusal), bool(row.get("name"))))
        yield row
    if told := [f"{address} {message}" for address, message, is_row in wrong if is_row]:
        raise NotPublished(told[:50])


def _is_word(key: str) -> bool:
    return (
        key.startswith("code.") or key.endswith((".code", ".name")) or key in ("unit_code", "name", "unit", "category")
    )


def _digits(value, width: int) -> str:
    """A part of a code; one that was kept as a number gets its zeros back."""
    text = "".join(cells.narrow(str(value or "")).split())
    return text.zfill(width) if text.isascii() and text.isdigit() else ""


def _is_total(value) -> bool:
    return isinstance(value, str) and "".join(value.split()) == "合计"


def _fen(value) -> int:
    return value if isinstance(value, int) else 0


def _add(into: dict[str, int], key: str, value) -> None:
    if isinstance(value, int) and value:
        into[key] = into.get(key, 0) + value


def _wan(fen: int) -> str:
    places = FEN_PER[WAN]
    whole, rest = divmod(abs(fen), places)
    return f"{'-' if fen < 0 else ''}{whole}.{f'{rest:06d}'.rstrip('0').ljust(2, '0')}"
