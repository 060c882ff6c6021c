"""The workbook to fill in: a unit's lines with lists to choose from, which comes back through the import.

Rows are known by the uid in the last column. What is computed and the key are protected (without a password).
"""

import io
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter

from budget.cells import NO, WAN_STEP, YES
from budget.models import Budget, Category, Line, Nature
from budget.reporting import money

from .codes import UNSPECIFIED_NAME
from .columns import FLAGS, HEADINGS
from .dimensions import CLASSES, Dimensions
from .files import letters
from .line_csv import amount_text, cells_of, fund_word, lines_of
from .stamp import CODES, HOWTO, LINES, Stamp

BLANK_ROWS = 100
MOST_NAMED = 3000  # lines beyond which the names of codes are left out: the file would hold more cells than are read
HEAD = 4  # row (from 0) of the headings: above them title, unit of account, totals
FONT = "宋体"
DIMENSION_OF = {"function": "function", "dept_economic": "economic", "gov_economic": "government"}


@dataclass(frozen=True)
class _Column:
    """A column of the sheet: its key (a column of the import, or the class whose name it computes), heading, width."""

    key: str
    heading: str
    width: int
    names: str = ""

    @property
    def is_computed(self) -> bool:
        return bool(self.names)


def template(budget: Budget, unit: str = money.WAN) -> bytes:
    """The draft's lines as a workbook to fill in, amounts in `unit` (元 or 万元). Ten queries or fewer."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        _Template(workbook, budget, unit).write()
    return file.getvalue()


class _Template:
    def __init__(self, workbook: xlsxwriter.Workbook, budget: Budget, unit: str):
        self.workbook, self.budget, self.unit = workbook, budget, unit
        self.lines = lines_of(budget)
        self.dimensions = Dimensions(budget.campaign)
        self.columns = _columns(unit, with_names=len(self.lines) <= MOST_NAMED)
        self.at = {column.key: at for at, column in enumerate(self.columns)}
        self.last = HEAD + len(self.lines) + BLANK_ROWS
        self.lists: dict[str, str] = {}
        self.sheet = workbook.add_worksheet(LINES)
        self.formats = {
            name: workbook.add_format({"font_name": FONT, "font_size": 10, "valign": "vcenter", **more})
            for name, more in _FORMATS.items()
        }

    def write(self) -> None:
        codes = self.workbook.add_worksheet(CODES)
        howto = self.workbook.add_worksheet(HOWTO)
        self._codes(codes)
        self._howto(howto)
        self._head()
        for at, line in enumerate(self.lines, HEAD + 1):
            self._line(at, line)
        for at in range(HEAD + 1 + len(self.lines), self.last + 1):
            self._row(at, {}, {})
        self._choices()
        self._dress()
        for name, text in Stamp.of(self.budget).names().items():
            self.workbook.define_name(name, f'="{text}"')
        self.workbook.set_properties({"title": f"{self.budget}预算明细模板"})

    # ---- the lines

    def _head(self) -> None:
        sheet, budget = self.sheet, self.budget
        sheet.write_string(0, 0, f"{budget}预算明细", self.formats["title"])
        where = f"单位：{budget.unit.code} {budget.unit_name}"
        told = f"{where}　{budget.stage_name}第{budget.revision}稿　金额单位：{self.unit}"
        sheet.write_string(1, 0, told, self.formats["plain"])
        sheet.write_string(
            2, 0, "白底的格可以填写，灰底的自动计算；要删除一行，把这一行清空即可。", self.formats["note"]
        )
        amounts = f"{letters(self.at['amount'] + 1)}{HEAD + 2}:{letters(self.at['amount'] + 1)}{self.last + 1}"
        total = sum((line.amount for line in self.lines), Decimal(0))
        sheet.write_string(3, self.at["amount"] - 1, "合计", self.formats["total"])
        shown = self._amount(total) if self.lines else 0
        sheet.write_formula(3, self.at["amount"], f"=SUM({amounts})", self.formats["sum"], shown)
        for at, column in enumerate(self.columns):
            kind = "key" if column.key == "uid" else "computed_head" if column.is_computed else "head"
            sheet.write_string(HEAD, at, column.heading, self.formats[kind])

    def _line(self, at: int, line: Line) -> None:
        values = cells_of(line)
        for column, name in DIMENSION_OF.items():
            row = getattr(line, name)
            values[column] = UNSPECIFIED_NAME if row.is_unspecified else row.code
        values |= {flag: YES if getattr(line, flag) else "" for flag in FLAGS}
        values["carried_over"] = YES if line.carried_over else NO
        values["uid"] = str(line.uid)
        names = {column: getattr(line, name) for column, name in DIMENSION_OF.items()}
        amount = self._amount(line.amount)
        named = {column: "" if row.is_unspecified else row.name for column, row in names.items()}
        self._row(at, values | {"amount": amount}, named)

    def _amount(self, amount: Decimal) -> Decimal:
        return Decimal(amount_text(amount, self.unit))

    def _row(self, at: int, values: dict, named: dict[str, str]) -> None:
        for place, column in enumerate(self.columns):
            if column.is_computed:
                code = f"${letters(self.at[column.names] + 1)}{at + 1}"
                length = max(CLASSES[column.names][1])
                found = f"VLOOKUP(LEFT({code},{length}),{self.lists[column.names]},2,FALSE)"
                formula = f'=IF(OR({code}="",{code}="{UNSPECIFIED_NAME}"),"",IFERROR({found},"没有此编码"))'
                self.sheet.write_formula(at, place, formula, self.formats["computed"], named.get(column.names, ""))
            elif column.key not in values:
                self.sheet.write_blank(at, place, None, self.formats[_format_of(column.key)])
            elif column.key == "amount":
                self.sheet.write_number(at, place, values["amount"], self.formats["money"])
            else:
                self.sheet.write_string(at, place, values[column.key], self.formats[_format_of(column.key)])

    def _choices(self) -> None:
        """Lists to choose from; what is typed beside them is read all the same, and judged by the import."""
        choices = {
            "category": list(Category.labels),
            "nature": list(Nature.labels),
            **{column: [YES, NO] for column in ("carried_over", *FLAGS)},
        }
        sources = choices | {column: f"={name}_list" for column, name in self.lists.items()}
        for column, source in sources.items():
            at = self.at[column]
            self.sheet.data_validation(
                HEAD + 1, at, self.last, at, {"validate": "list", "source": source, "show_error": False}
            )

    def _dress(self) -> None:
        sheet = self.sheet
        for at, column in enumerate(self.columns):
            sheet.set_column(at, at, column.width)
        sheet.set_row(HEAD, 30)
        sheet.freeze_panes(HEAD + 1, self.at["item"] + 1)
        sheet.autofilter(HEAD, 0, self.last, len(self.columns) - 1)
        texts = f"A{HEAD + 2}:{letters(len(self.columns))}{self.last + 1}"
        sheet.ignore_errors({"number_stored_as_text": texts})
        sheet.protect(options={"format_cells": True, "format_columns": True, "format_rows": True, "autofilter": True})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD)
        sheet.print_area(0, 0, HEAD + len(self.lines), self.at["uid"] - 1)

    # ---- the sheets beside it

    def _codes(self, sheet) -> None:
        """The edition's leaves, each classification in three columns: code, name, both as the list offers them."""
        place = 0
        for column, (model, _, _) in CLASSES.items():
            rows = [
                (row.code, row.name, f"{row.code} {row.name}")
                for row in self.dimensions.classes[column].values()
                if row.is_leaf and not row.is_unspecified
            ]
            rows.append(("", "", UNSPECIFIED_NAME))
            self._list(sheet, place, column, f"{model._meta.verbose_name}（编码）", rows)
            place += 4
        funds = {fund.pk: fund for found in self.dimensions.funds.values() for fund in found if fund.is_leaf}
        rows = [(fund.code, fund.name, fund_word(fund)) for fund in sorted(funds.values(), key=lambda one: one.code)]
        self._list(sheet, place, "fund", "资金性质（编码）", rows)
        sheet.freeze_panes(1, 0)
        sheet.protect(options={"autofilter": True, "format_columns": True})

    def _list(self, sheet, place: int, column: str, heading: str, rows: list[tuple[str, str, str]]) -> None:
        for at, text in enumerate((heading, "名称", "供选择")):
            sheet.write_string(0, place + at, text, self.formats["head"])
            sheet.set_column(place + at, place + at, (22, 40, 46)[at])
        for number, row in enumerate(rows, 1):
            for at, text in enumerate(row):
                sheet.write_string(number, place + at, text, self.formats["plain"])
        name, end = f"mz_{column}", len(rows) + 1
        self.lists[column] = name
        first, second, third = (letters(place + at) for at in (1, 2, 3))
        self.workbook.define_name(name, f"='{CODES}'!${first}$2:${second}${end}")
        self.workbook.define_name(f"{name}_list", f"='{CODES}'!${third}$2:${third}${end}")
        sheet.ignore_errors({"number_stored_as_text": f"{first}2:{first}{end}"})

    def _howto(self, sheet) -> None:
        sheet.set_column(0, 0, 100)
        sheet.write_string(0, 0, "怎么填", self.formats["title"])
        for at, text in enumerate(self._sentences(), 2):
            sheet.write_string(at, 0, text, self.formats["wrapped"])
        sheet.protect()

    def _sentences(self) -> list[str]:
        budget = self.budget
        step = "0.01万元（100元）" if budget.campaign.entry_step == WAN_STEP else "0.01元"
        return [
            f"本模板是{budget.unit.code} {budget.unit_name}{budget.year}年{budget.stage_name}预算的全部明细，"
            f"下载时草稿为第{budget.version}版。",
            "改好后在“导入”页面上传：先核对变化，确认以后才写入；有一处错误就什么都不写。",
            f"金额单位是{self.unit}，最小到{step}。金额须大于0。",
            "一行是一条明细。同一项目有几条明细时，每行都写同样的类别、项目名称和项目编码。",
            "科目从列表中选，也可以只填编码，或只填不重名的名称；“科目”工作表列出了本年度可用的全部科目，可在其中查找。",
            "政府经济分类不填时，按部门经济分类和单位性质自动填列，导入时会告诉您。",
            "项目支出的经济分类暂不能确定的，填“未细化”。",
            "增加明细：填在下面的空行，或复制一行再改。删除明细：把这一行清空。不要填写合计行。",
            "最右一列“行标识”由系统使用，用来认出原来的行；删去它也能导入，这时按项目和科目对应。",
            "灰色的格受保护。需要排序、插入或删除整行时，可在“审阅”中撤销工作表保护（没有密码）。",
        ]


def _columns(unit: str, *, with_names: bool) -> list[_Column]:
    widths = {"category": 11, "item": 36, "project_code": 23, "nature": 7, "fund": 18, "carried_over": 7, "amount": 13}
    order = ("category", "item", "project_code", "nature", *CLASSES, "fund", "carried_over", "amount", *FLAGS)
    columns = []
    for key in order:
        heading = HEADINGS[key][0]
        if key == "amount":
            heading = f"金额（{unit}）"
        columns.append(_Column(key, heading, widths.get(key, 11)))
        if key in CLASSES and with_names:
            columns.append(_Column(f"{key}_name", f"{heading}名称", 22, names=key))
    return [*columns, _Column("uid", HEADINGS["uid"][0], 3)]


def _format_of(key: str) -> str:
    return {"amount": "money", "uid": "key"}.get(key, "text")


_OPEN = {"locked": False, "border": 1, "border_color": "#C9D1DA"}
_GREY = {"bg_color": "#EEF1F4", "border": 1, "border_color": "#C9D1DA"}
_FORMATS = {
    "plain": {"num_format": "@"},
    "wrapped": {"num_format": "@", "text_wrap": True},
    "title": {"bold": True, "font_size": 14},
    "note": {"font_color": "#5B6876"},
    "head": {"bold": True, "bg_color": "#DCE6F1", "border": 1, "border_color": "#C9D1DA", "text_wrap": True},
    "computed_head": {**_GREY, "bold": True, "text_wrap": True, "font_color": "#5B6876"},
    "computed": {**_GREY, "font_color": "#5B6876"},
    "total": {"bold": True, "align": "right"},
    "sum": {**_GREY, "bold": True, "num_format": "#,##0.00####"},
    "text": {**_OPEN, "num_format": "@"},
    "money": {**_OPEN, "num_format": "#,##0.00####"},
    "key": {**_GREY, "num_format": "@", "font_color": "#A8B2BD", "font_size": 6},
}
