"""Honest workbooks that say of themselves what is not so: every fact in them is known beforehand (T-03)."""

import io
import random

import openpyxl
import xlsxwriter
from openpyxl.styles import PatternFill

from budget.importing import lines
from budget.importing.dimensions import Dimensions
from budget.models import Category
from tests.budget.importing.workbooks import parts, rewritten, saved
from tests.importing.pages import HEAD

DIMENSION = r'<dimension ref="[^"]*"\s*/>'
SHEET = "xl/worksheets/sheet1.xml"
LIES = ("A1", "A1:B2", "A1:C3", "B7:B7", "A1:XFD1048576", "C4:D1000", None)
EXTRA = ("备注", "处室", "序号")


class Maker:
    """Workbooks of lines with the codes of an edition."""

    def __init__(self, budget):
        dimensions = Dimensions(budget.campaign)
        self.codes = {
            column: [code for code, row in rows.items() if row.is_leaf and not row.is_unspecified]
            for column, rows in dimensions.classes.items()
        }
        self.funds = sorted({row.code for rows in dimensions.funds.values() for row in rows if row.is_leaf})

    def made(self, seed: int) -> tuple[bytes, list[tuple]]:
        """The workbook of that seed, and its lines: category, item, three classes, fund, 分."""
        pick = random.Random(seed)
        facts = self._facts(pick)
        rows = self._rows(pick, facts)
        content = pick.choice((self._by_openpyxl, self._by_xlsxwriter))(pick, rows)
        if (lie := pick.choice(LIES)) and b"<dimension" in parts(content)[SHEET]:
            content = rewritten(content, DIMENSION, f'<dimension ref="{lie}"/>')
        return content, sorted(facts)

    def _facts(self, pick: random.Random) -> list[tuple]:
        facts = []
        for number in range(pick.randint(1, 60)):
            for economic in pick.sample(self.codes["dept_economic"], pick.randint(1, 3)):
                facts.append(
                    (
                        Category.values[number % 4],
                        f"第{number}项经费",
                        pick.choice(self.codes["function"]),
                        economic,
                        pick.choice(self.codes["gov_economic"]),
                        pick.choice(self.funds),
                        pick.randint(1, 10 ** pick.randint(1, 9)) * 10_000,
                    )
                )
        return facts

    def _rows(self, pick: random.Random, facts: list[tuple]) -> list[tuple[int, list]]:
        """(row number from 0, cells): columns in any order, some of them no business of ours, blank rows between."""
        order = [*range(len(HEAD)), *(-1 - at for at in range(pick.randint(0, len(EXTRA))))]
        pick.shuffle(order)
        at = pick.choice((0, 0, 1, 3))
        rows = [(at, [HEAD[one] if one >= 0 else EXTRA[-1 - one] for one in order])]
        for category, item, function, economic, government, fund, fen in facts:
            at += 1 if pick.random() < 0.9 else pick.randint(2, 40)
            amount = fen // 10_000 / 100
            written = pick.choice((amount, f"{amount:.2f}", f"{amount:,.2f}"))
            codes = (str(code) if pick.random() < 0.5 else int(code) for code in (function, economic, government))
            cells = [Category(category).label, item, None, *codes, fund, written]
            rows.append((at, [cells[one] if one >= 0 else "随便写的" for one in order]))
        return rows

    @staticmethod
    def _by_openpyxl(pick: random.Random, rows: list) -> bytes:
        book = openpyxl.Workbook()
        for at, cells in rows:
            for column, value in enumerate(cells, 1):
                book.active.cell(at + 1, column, value)
        for number in range(pick.randint(0, 30)):  # rows that only have a colour
            book.active.cell(rows[-1][0] + 2 + number, 2).fill = PatternFill("solid", "FFFF00")
        return saved(book)

    @staticmethod
    def _by_xlsxwriter(pick: random.Random, rows: list) -> bytes:
        file = io.BytesIO()
        with xlsxwriter.Workbook(
            file, {"constant_memory": pick.random() < 0.5}
        ) as book:  # then texts stand in the cells
            sheet, coloured = book.add_worksheet("明细"), book.add_format({"bg_color": "#FFFF00"})
            for at, cells in rows:
                sheet.write_row(at, 0, cells)
            for number in range(pick.randint(0, 30)):
                sheet.write_blank(rows[-1][0] + 1 + number, 1, None, coloured)
        return file.getvalue()


def read_as(content: bytes, budget, read) -> list[tuple]:
    """The lines that are read from a workbook."""
    reading = lines.read(read(content), "明细.xlsx", budget)
    assert reading.error_texts() == []
    return sorted(
        (
            line.item.category,
            line.item.name,
            line.function.code,
            line.economic.code,
            line.government.code,
            line.fund.code,
            line.fen,
        )
        for line in reading.desired.lines
    )
