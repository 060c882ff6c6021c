"""Classification files → codes and pairs: a folder of CSV files, one CSV file, or a workbook with a sheet for each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from budget import cells
from budget.models import UNSPECIFIED_ECONOMIC, UNSPECIFIED_FUNCTION, Nature

from . import files, guard

# file or sheet names of each table; the first is the key
NAMES = {
    "functional": ("支出功能分类", "功能分类"),
    "department_economic": ("部门预算支出经济分类", "部门经济分类"),
    "government_economic": ("政府预算支出经济分类", "政府经济分类"),
    "fund_sources": ("资金性质",),
    "pairs": ("经济分类对应关系", "对应关系"),
}
KEYS = {name: key for key, names in NAMES.items() for name in (key, *names)}
LENGTHS = {"functional": (3, 5, 7), "department_economic": (3, 5), "government_economic": (3, 5)}
UNSPECIFIED = {
    "functional": UNSPECIFIED_FUNCTION,
    "department_economic": UNSPECIFIED_ECONOMIC,
    "government_economic": UNSPECIFIED_ECONOMIC,
}
UNSPECIFIED_NAME = "未细化"
HEADINGS = {
    "code": ("编码", "科目编码"),
    "name": ("名称", "科目名称"),
    "parent": ("上级", "上级编码", "上级科目"),
    "status": ("核实情况",),
    "label": ("录入名称",),
    "dept_code": ("部门经济分类",),
    "agency_kind": ("单位性质", "性质"),
    "gov_code": ("政府经济分类",),
}
COLUMNS = {heading: key for key, headings in HEADINGS.items() for heading in (key, *headings)}
NATURES = {"行政": Nature.ADMINISTRATIVE.value, "事业": Nature.INSTITUTION.value, "全部": "", "": ""}


@dataclass(frozen=True)
class CodeRow:
    """A code as the file has it; `parent` is "" at the top, `place` the cell of the code."""

    code: str
    name: str
    parent: str
    is_leaf: bool
    status: str
    label: str
    place: str
    is_unspecified: bool = False


@dataclass(frozen=True)
class PairRow:
    """A department class, a nature ("" for both), the government class that goes with them."""

    economic: str
    nature: str
    government: str
    status: str
    place: str


@dataclass
class Codes:
    """What the files say: codes by table key, parents first; pairs in their order, None where the files have none."""

    tables: dict[str, list[CodeRow]] = field(default_factory=dict)
    pairs: list[PairRow] | None = None
    errors: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read(source: Path) -> Codes:
    """Read a folder, a CSV file or a workbook. Everything wrong is in `errors`, with its cells."""
    found = Codes()
    for key, place, sheet in _sheets(Path(source), found):
        if key in found.tables or (key == "pairs" and found.pairs is not None):
            found.errors.append(f"{place}：{NAMES[key][0]}出现了两次。")
            continue
        table = _Table(sheet, place, found.errors)
        if key == "pairs":
            found.pairs = table.pairs()
        else:
            found.tables[key] = table.codes(key)
    if not found.tables and found.pairs is None and not found.errors:
        found.errors.append(f"{source}：没有找到科目表（{'、'.join(NAMES)}）。")
    return found


def _sheets(source: Path, found: Codes) -> Iterator[tuple[str, str, files.Sheet]]:
    """(table key, name for messages, sheet) of everything recognised by its name."""
    paths = [source / f"{key}.csv" for key in NAMES] if source.is_dir() else [source]
    for path in paths:
        if source.is_dir() and not path.exists():
            continue
        try:
            read = guard.read(path)
        except files.FileRefused as error:
            found.errors.append(f"{path.name}：{error}")
            continue
        found.notices.extend(f"{path.name}：{notice}" for notice in read.notices)
        for sheet in read.sheets:
            name = sheet.name or path.stem
            if key := KEYS.get(name.strip()):
                yield key, sheet.name or path.name, sheet
            else:
                found.notices.append(f"“{name}”不是科目表，未读取。")


class _Table:
    """A sheet with a header row."""

    def __init__(self, sheet: files.Sheet, place: str, errors: list[str]):
        self.sheet, self.place, self.errors = sheet, place, errors
        heads = sheet.rows[0][1] if sheet.rows else []
        self.at = {COLUMNS[name]: at for at, head in enumerate(heads) if (name := str(head).strip()) in COLUMNS}

    def codes(self, key: str) -> list[CodeRow]:
        rows: dict[str, CodeRow] = {}
        lengths = LENGTHS.get(key, range(1, 11))
        for number, values in self._body("code", "name"):
            code = self._cell(number, values, "code", lambda value: cells.parse_code(value, lengths), required=True)
            name = self._cell(number, values, "name", lambda value: cells.parse_text(value, 100), required=True)
            parent = self._cell(number, values, "parent", lambda value: cells.parse_code(value, lengths))
            status = self._cell(number, values, "status", lambda value: cells.parse_text(value, 20))
            label = self._cell(number, values, "label", lambda value: cells.parse_text(value, 50))
            if None in (code, name, parent, status, label) or code == UNSPECIFIED.get(key):
                continue
            place = self._address(number, "code")
            if code in rows:
                self.errors.append(f"{place} “{code}”与 {rows[code].place} 重复。")
            else:
                rows[code] = CodeRow(code, name, parent, False, status, label, place)
        return self._tree(key, rows)

    def _tree(self, key: str, rows: dict[str, CodeRow]) -> list[CodeRow]:
        """Every code under its parent, which is the code it begins with."""
        built = []
        parents = {code: _parent(code, rows, LENGTHS.get(key)) for code in rows}
        for code in sorted(rows, key=lambda one: (len(one), one)):
            row, parent = rows[code], parents[code]
            if (parent and parent not in rows) or (row.parent and row.parent not in rows):
                self.errors.append(f"{row.place} “{code} {row.name}”缺少上级科目 {row.parent or parent}。")
            elif row.parent and row.parent != parent:
                self.errors.append(f"{row.place} “{code}”的上级应为 {parent or '空'}，文件中为 {row.parent}。")
            leaf = len(code) == LENGTHS[key][-1] if key in LENGTHS else code not in parents.values()
            built.append(CodeRow(code, row.name, parent, leaf, row.status, row.label, row.place))
        if key in UNSPECIFIED:
            built.append(CodeRow(UNSPECIFIED[key], UNSPECIFIED_NAME, "", True, "", "", "", True))
        return built

    def pairs(self) -> list[PairRow]:
        rows: dict[tuple, PairRow] = {}
        for number, values in self._body("dept_code", "agency_kind", "gov_code"):
            economic = self._cell(
                number, values, "dept_code", lambda value: cells.parse_code(value, (5,)), required=True
            )
            nature = self._cell(number, values, "agency_kind", _nature)
            government = self._cell(
                number, values, "gov_code", lambda value: cells.parse_code(value, (5,)), required=True
            )
            status = self._cell(number, values, "status", lambda value: cells.parse_text(value, 20))
            if None in (economic, nature, government, status) or economic == UNSPECIFIED_ECONOMIC:
                continue
            place, key = self._address(number, "dept_code"), (economic, nature, government)
            if key in rows:
                self.errors.append(f"{place} “{economic}”的对应关系与 {rows[key].place} 重复。")
            else:
                rows[key] = PairRow(*key, status, place)
        unspecified = PairRow(UNSPECIFIED_ECONOMIC, "", UNSPECIFIED_ECONOMIC, "", "")
        return [*rows.values(), unspecified]

    def _body(self, *needed: str) -> list[tuple[int, list]]:
        """The rows below the header; none where a column is lacking."""
        missing = [key for key in needed if key not in self.at]
        if missing:
            self.errors.append(f"{self.place}：缺少列 {'、'.join(missing)}。")
            return []
        return self.sheet.rows[1:]

    def _cell(self, number: int, values: list, column: str, parse: Callable, *, required: bool = False) -> str | None:
        """The cell's value, "" where it is blank or there is no such column; None where it is wrong."""
        at = self.at.get(column)
        try:
            value = parse(values[at]) if at is not None and at < len(values) else ""
        except cells.Refusal as error:
            self.errors.append(f"{self._address(number, column)} {error}")
            return None
        if required and not value:
            self.errors.append(f"{self._address(number, column)} 未填写。")
            return None
        return value

    def _address(self, number: int, column: str) -> str:
        address = self.sheet.address(number, self.at[column] + 1)
        return address if self.sheet.name else f"{self.place} {address}"


def _parent(code: str, rows: dict[str, CodeRow], lengths: tuple[int, ...] | None) -> str:
    """The code a code stands under, whether there is one or not; "" at the top."""
    if lengths:
        at = lengths.index(len(code))
        return code[: lengths[at - 1]] if at else ""
    prefixes = (code[:length] for length in range(len(code) - 1, 0, -1))
    return next((prefix for prefix in prefixes if prefix in rows), code[:-1])


def _nature(value) -> str:
    text = cells.parse_text(value)
    if text not in NATURES:
        raise cells.Refusal(f"{cells.quoted(value)}应为行政、事业或全部。")
    return NATURES[text]
