"""What pasted cells say of themselves: headings and what they mean, the unit of amounts, totals."""

import re
from collections import Counter

from budget import cells

from .columns import Column

UNIT = re.compile(r"\((万元|元)\)$|:(万元|元)$")
SEARCHED = 6  # rows at the top in which the header may stand
LEVELS = 3
TOTALS = ("合计", "总计", "共计")
ENDINGS_OF_TOTALS = (*TOTALS, "小计")


def plain(text: str) -> str:
    """A heading without blanks and line ends, in plain characters."""
    return "".join(cells.narrow(text).split())


def unit_said(text: str) -> str:
    """元 or 万元, where a heading or a note above the table ends with it; else ""."""
    found = UNIT.search(plain(text).replace("：", ":"))
    return (found[1] or found[2]) if found else ""


def without_unit(text: str) -> str:
    return UNIT.sub("", plain(text))


def is_total(text: str) -> bool:
    """Whether a cell says that its row adds others up."""
    return plain(text).rstrip(":").endswith(ENDINGS_OF_TOTALS)


def is_nothing_but_total(text: str) -> bool:
    """Whether a cell says 合计 or 小计 and nothing else: no item is named so."""
    return plain(text).rstrip(":") in ENDINGS_OF_TOTALS


def is_grand_total(text: str) -> bool:
    """Whether a cell says that its row adds up more than a part."""
    return plain(text).rstrip(":").endswith(TOTALS)


class Header:
    """The header of a pasted text. `at`: for each pasted column the grid's, None where there is none; `unit`: said."""

    def __init__(self, columns: tuple[Column, ...]):
        self.names: dict[str, Column] = {}
        self.groups: dict[str, Column | None] = {}  # names over several columns, and the one they mean if nothing else
        counted = Counter(head for column in columns for head in set(column.heads))
        for column in columns:
            for name in (column.label, *column.heads, *column.names):
                known = plain(name).replace("({unit})", "")
                if counted[name] < 2:
                    self.names.setdefault(known, column)
                elif name in column.names:
                    self.groups[known] = column
                else:
                    self.groups.setdefault(known, None)
        self.at: list[Column | None] = []
        self.lines = range(0)
        self.unit = ""

    def find(self, rows: list[list[str]]) -> bool:
        """Look for a header of up to three levels among the first rows."""
        for first in range(min(SEARCHED, len(rows))):
            if not self._is_heading(rows[first]):
                continue
            last = first + 1
            while last < min(first + LEVELS, len(rows)) and self._is_heading(rows[last]):
                last += 1
            if last == len(rows) and len(rows) == 1:
                return False
            self._settle(rows, first, last)
            return any(self.at)
        return False

    def _is_heading(self, row: list[str]) -> bool:
        said = [without_unit(text) for text in row if text.strip()]
        known = [text for text in said if text in self.names or text in self.groups]
        is_wide = len(row) > 1
        return bool(known) and (
            len(known) == len(said) or (is_wide and len(known) >= 2 and 2 * len(known) >= len(said))
        )

    def _column(self, names: list[str]) -> Column | None:
        """The column that headings mean, the lowest first."""
        found = next((self.names[name] for name in names if name in self.names), None)
        return found or next((self.groups[name] for name in names if self.groups.get(name)), None)

    def _settle(self, rows: list[list[str]], first: int, last: int) -> None:
        self.lines = range(first, last)
        width = max(len(row) for row in rows[first:last])
        taken: set[str] = set()
        for place in range(width):
            texts = [row[place] if place < len(row) else "" for row in rows[first:last]]
            column = next(
                (self.names[name] for text in texts[::-1] if (name := without_unit(text)) in self.names), None
            )
            if column is not None and column.key in taken:
                column = None
            if column is not None:
                taken.add(column.key)
                if column.key == "amount":
                    self.unit = next((said for text in texts if (said := unit_said(text))), "")
            self.at.append(column)
        above = [text for row in rows[:first] for text in row]
        self.unit = self.unit or next((said for text in above if (said := unit_said(text))), "")
