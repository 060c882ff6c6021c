"""A pasted table of indicators, goals or tasks → its rows, or what is wrong with which cell. Nothing is looked up here.

An indicator table is known by its headings, or by how many columns it has; merged levels that arrive as blanks are
filled down. Table 15 puts four kinds beside each other: they are read downwards, kind by kind.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from budget import cells

from . import values

HEADINGS = {
    "level_1": ("一级指标", "一级"),
    "level_2": ("二级指标", "二级"),
    "name": ("三级指标", "三级", "指标名称", "绩效指标"),
    "operator": ("计算符号", "符号", "运算符号", "指标性质"),
    "target": ("指标值", "目标值", "年度指标值"),
    "measure": ("计量单位", "度量单位", "单位"),
    "explanation": ("指标值说明", "指标说明", "说明", "备注", "指标解释", "评(扣)分标准"),
    "weight": ("权重", "分值", "指标权重"),
    "position": ("序号", "序"),
}
FIELD_OF = {name: field for field, names in HEADINGS.items() for name in names}
BY_WIDTH = {
    2: ("name", "target"),
    3: ("level_1", "name", "target"),
    4: ("level_1", "level_2", "name", "target"),
    5: ("level_1", "level_2", "name", "target", "explanation"),
}
BESIDE, TABLE_15 = 8, 14  # columns of four kinds beside each other, without and with the project before them
HEADER_ROWS = 4


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell of what was pasted: row and column as they stand there, from 1 (0: the whole)."""

    row: int
    column: int
    message: str

    @property
    def where(self) -> str:
        if not self.row:
            return "粘贴的内容"
        return f"第{self.row}行第{self.column}列" if self.column else f"第{self.row}行"


@dataclass
class Pasted:
    """The rows as values of the model by field, each with its row in what was pasted; and what is wrong."""

    rows: list[tuple[int, dict]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    skipped: int = 0  # heading rows

    def fail(self, row: int, column: int, message: str) -> None:
        self.faults.append(Fault(row, column, message))


def indicators(table: list[list[str]], levels: Iterable[str], *, needs_level_2: bool = False) -> Pasted:
    """The indicators of a table. `levels`: the level-1 names there are."""
    found = Pasted()
    if not table:
        found.fail(0, 0, "没有内容。请在 Excel 或 WPS 中选中指标表，复制后粘贴到这里。")
        return found
    levels = tuple(levels)
    kinds, first = _kinds(table, levels)
    if kinds:
        entries = _beside(table, first, kinds, found)
    else:
        columns, first = _columns(table, levels, found)
        entries = _downwards(table, first, columns, levels, found) if columns else iter(())
    found.skipped = first
    names: dict[tuple, int] = {}
    for row, at, texts in entries:
        _read(row, at, texts, needs_level_2, names, found)
    if not found.rows and not found.faults:
        found.fail(0, 0, "只有表头，没有指标。")
    return found


def goals(table: list[list[str]]) -> Pasted:
    """年度履职目标, one a row."""
    return _words(table, {"text": ("年度履职目标", 2000)}, "text")


def tasks(table: list[list[str]]) -> Pasted:
    """年度主要任务: name and content."""
    return _words(table, {"name": ("任务名称", 200), "content": ("主要内容", 2000)}, "name")


# ---- how the columns are known


def _plain(text: str) -> str:
    return "".join(cells.narrow(text).split()).rstrip(":").partition("(万元")[0]


def _kinds(table, levels) -> tuple[dict[str, int], int]:
    """Level 1 → the column where its names stand (its values are in the next), and the first row below the headings.

    Empty where the kinds do not stand beside each other.
    """
    for at, row in enumerate(table[:HEADER_ROWS]):
        kinds = {level: column for column, cell in enumerate(row) if (level := level_of(cell, levels))}
        if len(kinds) > 1:
            first = at + 1
            if first < len(table) and {"三级指标", "指标值"} & {_plain(cell) for cell in table[first]}:
                first += 1
            return kinds, first
    width = len(table[0])
    if width in (BESIDE, TABLE_15) and len(levels) * 2 == BESIDE and not _heads(table[0]):
        return {level: width - BESIDE + 2 * at for at, level in enumerate(levels)}, 0
    return {}, 0


def _heads(row: list[str]) -> dict[str, int]:
    """Field → column, for a row of headings."""
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        name = FIELD_OF.get(_plain(cell))
        if name:
            found.setdefault(name, at)
    return found if "target" in found and "name" in found else {}


def _columns(table, levels, found: Pasted) -> tuple[dict[str, int], int]:
    for at, row in enumerate(table[:HEADER_ROWS]):
        if columns := _heads(row):
            return columns, at + 1
    width = len(table[0])
    fields = BY_WIDTH.get(width)
    if fields is None or (not any(level_of(row[0], levels) for row in table) and width > 2):
        found.fail(
            1,
            0,
            f"认不出这{width}列各是什么。请连同表头一起复制（一级指标、二级指标、三级指标、指标值、指标值说明），"
            "或按这个顺序只复制这几列。",
        )
        return {}, 0
    return {name: at for at, name in enumerate(fields)}, 0


def level_of(text: str, levels: Iterable[str]) -> str:
    """The level-1 name that a cell means: 产出, 产出指标, 一、产出指标 → 产出指标; "" for none."""
    plain = _plain(text).lstrip("一二三四五六七八九十0123456789、.()")
    if not plain:
        return ""
    for level in levels:
        if plain in (level, level.removesuffix("指标")) or plain.removesuffix("指标") == level.removesuffix("指标"):
            return level
    return next((level for level in levels if level.startswith("满意度") and "满意度" in plain and len(plain) < 10), "")


# ---- what the rows say

Entry = tuple[int, dict[str, int], dict[str, str]]  # row, field → column, field → text


def _downwards(table, first: int, columns: dict[str, int], levels, found: Pasted) -> Iterator[Entry]:
    above = {"level_1": "", "level_2": ""}
    for at, row in enumerate(table[first:], first + 1):
        texts = {name: row[column] for name, column in columns.items()}
        if not any(texts.values()) or _heads(row):
            continue
        written = texts.get("level_1", "")
        level = level_of(written, levels)
        if written and not level:
            wanted = "、".join(levels)
            found.fail(at, columns["level_1"] + 1, f"{cells.quoted(written)}不是一级指标，应为{wanted}。")
            above["level_1"] = ""
            continue
        if level and level != above["level_1"]:
            above = {"level_1": level, "level_2": ""}
        above["level_2"] = texts.get("level_2", "") or above["level_2"]
        if not texts.get("name") and not texts.get("target"):
            continue  # the rest of a merged cell
        yield at, columns, {**texts, **above}


def _beside(table, first: int, kinds: dict[str, int], found: Pasted) -> Iterator[Entry]:
    before = min(kinds.values())
    codes = {row[0]: at for at, row in enumerate(table[first:], first + 1) if before > 1 and len(row[0]) > 10}
    if len(codes) > 1:
        found.fail(list(codes.values())[1], 1, f"粘贴的内容有{len(codes)}个项目，请只复制本项目的各行。")
        return
    for level, column in kinds.items():
        columns = {"level_1": column, "name": column, "target": column + 1}
        for at, row in enumerate(table[first:], first + 1):
            texts = [row[one] if one < len(row) else "" for one in (column, column + 1)]
            if any(texts):
                yield at, columns, {"level_1": level, "name": texts[0], "target": texts[1]}


def _read(row: int, at: dict[str, int], texts: dict, needs_level_2: bool, names: dict, found: Pasted) -> None:
    before = len(found.faults)
    row_values = {"level_1": texts.get("level_1", "")}

    def fail(name: str, message: str) -> None:
        found.fail(row, at[name] + 1 if name in at else 0, message)

    if not row_values["level_1"]:
        fail("level_1", "没有一级指标。")
    limits = {"name": 100, "level_2": 40, "explanation": 2000}
    for name, limit in limits.items():
        if name in at or texts.get(name):
            try:
                row_values[name] = cells.parse_text(texts.get(name, "").replace("\n", ""), limit)
            except cells.Refusal as refusal:
                fail(name, str(refusal))
    if not texts.get("name"):
        fail("name", "有指标值，没有三级指标的名称。")
    if needs_level_2 and not texts.get("level_2"):
        fail("level_2", "没有二级指标。")
    try:
        operator = _operator(texts.get("operator", ""))
        value = values.combine(operator, texts.get("target", "").replace("\n", ""), texts.get("measure", ""))
        if value is None:
            fail("target", "没有指标值。")
        else:
            parts = ("operator", "target", "measure", "wording")
            row_values.update({name: getattr(value, name) for name in parts})
    except cells.Refusal as refusal:
        fail("target", str(refusal))
    if texts.get("weight"):
        try:
            weight = cells.parse_amount(texts["weight"].rstrip("%％分"), "元", cells.FEN_STEP)
            if weight.fen is not None and not 0 <= weight.fen <= 10_000:
                raise cells.Refusal(f"{cells.quoted(texts['weight'])}应在0到100之间。")
            row_values["weight"] = None if weight.fen is None else Decimal(weight.fen).scaleb(-2)
        except cells.Refusal as refusal:
            fail("weight", str(refusal))
    key = (row_values["level_1"], row_values.get("name"))
    if len(found.faults) == before and key in names:
        fail("name", f"{cells.quoted(key[1])}和第{names[key]}行重复。")
    if len(found.faults) == before:
        names[key] = row
        found.rows.append((row, row_values))


def _operator(text: str) -> str:
    plain = _plain(text)
    if plain in ("", "定量", "定量指标"):
        return ""
    if plain in ("定性", "定性指标"):
        return values.QUALITATIVE
    found = dict(values.WORDS).get(plain)
    if found is None:
        raise cells.Refusal(f"{cells.quoted(text)}不是计算符号，应为≥、≤、>、<、=或定性。")
    return found


def _words(table, columns: dict[str, tuple[str, int]], key: str) -> Pasted:
    found = Pasted()
    labels = {label: name for name, (label, _) in columns.items()}
    heads = (
        {labels[plain]: at for at, cell in enumerate(table[0]) if (plain := _plain(cell)) in labels} if table else {}
    )
    found.skipped = 1 if heads else 0
    width = len(table[0]) if table else 0
    if not table:
        found.fail(0, 0, "没有内容。请在 Excel 或 WPS 中选中要粘贴的单元格，复制后粘贴到这里。")
    elif not heads and width != len(columns):
        wanted = "、".join(label for label, _ in columns.values())
        found.fail(1, 0, f"有{width}列，应为{len(columns)}列：{wanted}。")
    if found.faults:
        return found
    places = heads if len(heads) == len(columns) else {name: at for at, name in enumerate(columns)}
    seen: dict[str, int] = {}
    for at, row in enumerate(table[found.skipped :], found.skipped + 1):
        before = len(found.faults)
        row_values = {}
        for name, (label, limit) in columns.items():
            try:
                row_values[name] = cells.parse_text(row[places[name]], limit, multiline=name != "name")
            except cells.Refusal as refusal:
                found.fail(at, places[name] + 1, str(refusal))
                continue
            if not row_values[name]:
                found.fail(at, places[name] + 1, f"没有{label}。")
        if not any(row):
            del found.faults[before:]
        elif len(found.faults) == before:
            if row_values[key] in seen:
                found.fail(at, places[key] + 1, f"和第{seen[row_values[key]]}行重复。")
            else:
                seen[row_values[key]] = at
                found.rows.append((at, row_values))
    return found
