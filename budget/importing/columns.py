"""Where in a file the budget lines are: the sheet, its header row, and which column is which."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from budget import cells
from budget.reporting.money import WAN, YUAN

from .files import Sheet, Source, letters

# column → its Chinese headings; the first is the one that messages use
HEADINGS = {
    "category": ("类别", "项目类别"),
    "item": ("项目名称",),
    "project_code": ("项目编码",),
    "function": ("功能分类", "支出功能分类"),
    "dept_economic": ("部门经济分类", "部门预算支出经济分类"),
    "gov_economic": ("政府经济分类", "政府预算支出经济分类"),
    "fund": ("资金性质",),
    "amount": ("金额",),
    "nature": ("性质", "单位性质"),
    "carried_over": ("上年结转", "上年结转结余"),
    "is_procurement": ("政府采购",),
    "is_asset": ("新增资产",),
    "is_purchased_service": ("购买服务",),
    "uid": ("行标识",),
}
FLAGS = ("is_procurement", "is_asset", "is_purchased_service")
OPTIONAL = ("nature", "carried_over", *FLAGS, "uid")
NAMES = {name: column for column, headings in HEADINGS.items() for name in (column, *headings)}
UNITS = {f"金额({unit})": unit for unit in (WAN, YUAN)}
SEARCHED = 20  # rows in which the header may stand
LISTED = 10  # rows and columns that a notice lists


@dataclass(frozen=True, order=True)
class Mistake:
    """Something wrong at a cell: row and column from 1 (0: the file), its address, a sentence that quotes the value."""

    row: int
    column: int
    address: str
    message: str

    def __str__(self):
        return f"{self.address} {self.message}" if self.address else self.message


@dataclass
class Table:
    """The lines of a file as a table. `unit`: what its amounts are written in."""

    sheet: Sheet
    header: int  # its row number
    at: dict[str, int]  # column → place in a row's values, from 0
    unit: str = WAN
    mistakes: list[Mistake] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def body(self) -> Iterator[tuple[int, dict]]:
        """(row number, value by column) of every row below the header that says more than which row it was."""
        for number, values in self.sheet.rows:
            if number > self.header:
                row = {column: values[at] if at < len(values) else None for column, at in self.at.items()}
                if any(value is not None for column, value in row.items() if column != "uid"):
                    yield number, row

    def address(self, number: int, column: str) -> str:
        return self.sheet.address(number, self.at[column] + 1)

    def mistake(self, number: int, column: str, message: str) -> Mistake:
        return Mistake(number, self.at[column] + 1, self.address(number, column), message)


def find(source: Source, *, ours: Collection[str] = ()) -> tuple[Table | None, list[Mistake], list[str]]:
    """The table of lines in a file (None: there is no such table), what keeps it from being read, what is left out.

    `ours`: the sheets that our own template put beside the lines, of which nothing need be said.
    """
    notices = [one for one in source.notices if not any(f"“{name}”" in one for name in ours)]
    source = Source([sheet for sheet in source.sheets if sheet.name not in ours], notices)
    heads = {id(sheet): head for sheet in source.sheets if (head := _header(sheet))}
    with_head = [sheet for sheet in source.sheets if id(sheet) in heads]
    if not with_head:
        wanted = "、".join(named(column) for column in HEADINGS if column not in OPTIONAL)
        return None, [Mistake(0, 0, "", f"没有找到表头。需要的列：{wanted}。")], notices
    if len(with_head) > 1:
        names = "、".join(f"“{sheet.name}”" for sheet in with_head)
        return None, [Mistake(0, 0, "", f"工作表{names}都像预算明细，请只留一个。")], notices
    notices.extend(f"工作表“{sheet.name}”没有读取。" for sheet in source.sheets if sheet is not with_head[0])
    table = _table(with_head[0], *heads[id(with_head[0])])
    if not ours:
        _say_what_is_not_read(table, heads[id(with_head[0])][1])
    _check_shape(table)
    return table, table.mistakes, notices + table.notices


def named(column: str) -> str:
    """A column in messages: `function（功能分类）`."""
    return f"{column}（{HEADINGS[column][0]}）"


def _header(sheet: Sheet) -> tuple[int, list] | None:
    """The row that names most of our columns, at least two."""
    best = max(sheet.rows[:SEARCHED], key=lambda row: len(set(_columns(row[1]))), default=None)
    return best if best and len(set(_columns(best[1]))) >= 2 else None


def _columns(values: list) -> list[str]:
    return [column for value in values if (column := _column(value)) is not None]


def _column(value) -> str | None:
    heading = _heading(value)
    return NAMES.get(heading) or ("amount" if heading in UNITS else None)


def _heading(value) -> str:
    return "".join(cells.narrow(value).lower().split()) if isinstance(value, str) else ""


def _table(sheet: Sheet, header: int, heads: list) -> Table:
    table = Table(sheet, header, {})
    for at, value in enumerate(heads):
        column = _column(value)
        if column is None:
            continue
        if column in table.at:
            address = sheet.address(header, at + 1)
            message = f"{cells.quoted(value)}与 {table.address(header, column)} 是同一列，请只留一个。"
            table.mistakes.append(Mistake(header, at + 1, address, message))
            continue
        table.at[column] = at
        if column == "amount":
            table.unit = UNITS.get(_heading(value), WAN)
    missing = [column for column in HEADINGS if column not in table.at and column not in OPTIONAL]
    if missing:
        text = f"缺少列：{'、'.join(named(column) for column in missing)}。"
        table.mistakes.append(Mistake(header, 0, "", text))
    return table


def _say_what_is_not_read(table: Table, heads: list) -> None:
    sheet, known = table.sheet, set(table.at.values())
    above = [number for number, _ in sheet.rows if number < table.header]
    if above:
        table.notices.append(f"表头以上的第{_listed(above)}行没有读取。")
    below = [(number, values) for number, values in sheet.rows if number > table.header]
    filled = sorted({at for _, values in below for at, value in enumerate(values) if value is not None} - known)
    for at in filled:
        head = heads[at] if at < len(heads) else None
        name = cells.quoted(head) if head is not None else f"{letters(at + 1)}（没有标题）"
        table.notices.append(f"列{name}不导入。")
    unread = [
        number for number, values in below if not any(at in known for at, v in enumerate(values) if v is not None)
    ]
    if unread:
        table.notices.append(f"第{_listed(unread)}行只有不导入的列，没有读取。")
    if sheet.formulas:
        table.notices.append(f"文件中有{sheet.formulas}个公式，已按保存的计算结果读取。")


def _check_shape(table: Table) -> None:
    """Merged cells among the lines are refused: only their first cell has a value. Hidden ones are read, and said."""
    sheet, columns = table.sheet, sorted(at + 1 for at in table.at.values())
    last = sheet.rows[-1][0]
    for top, left, bottom, right in sorted(sheet.merged):
        if bottom >= table.header and top <= last and any(left <= column <= right for column in columns):
            place = f"{sheet.address(top, left)}:{letters(right)}{bottom}"
            table.mistakes.append(Mistake(top, left, place, "是合并单元格，请取消合并并逐行填写。"))
    numbers = {number for number, _ in sheet.rows if number >= table.header}
    if rows := sorted(sheet.hidden_rows & numbers):
        table.notices.append(f"第{_listed(rows)}行是隐藏或被筛选掉的行，也已读取。")
    if hidden := sorted(sheet.hidden_columns.intersection(columns)):
        table.notices.append(f"{'、'.join(letters(column) for column in hidden)}列是隐藏的列，也已读取。")


def _listed(numbers: list[int]) -> str:
    text = "、".join(str(number) for number in numbers[:LISTED])
    return text if len(numbers) <= LISTED else f"{text}等{len(numbers)}"
