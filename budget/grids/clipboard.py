"""The clipboard text of Excel and WPS: cells by tabs, rows by line ends, cells with either in them quoted."""

import re
from collections import Counter

from budget import cells

from .columns import Column

STOPS = re.compile(r"[\t\r\n]")
ENDS = re.compile(r"\r\n|\r|\n")
UNIT = re.compile(r"\((万元|元)\)$|:(万元|元)$")
SEARCHED = 6  # rows at the top in which the header may stand
LEVELS = 3
ENDINGS_OF_TOTALS = ("合计", "小计", "总计", "共计")


def rows_of(text: str) -> list[list[str]]:
    """The cells of a clipboard text. A quote that is never closed is an ordinary character."""
    rows: list[list[str]] = [[]]
    at, end = 0, len(text)
    while at <= end:
        quoted = _quoted(text, at) if text.startswith('"', at) else None
        if quoted is not None:
            cell, at = quoted
        else:
            stop = STOPS.search(text, at)
            until = stop.start() if stop else end
            cell, at = text[at:until], until
        rows[-1].append(cell)
        if at >= end:
            break
        if text[at] == "\t":
            at += 1
        else:
            at = ENDS.match(text, at).end()
            rows.append([])
            if at >= end:
                break
    return rows if rows[-1] else rows[:-1]


def _quoted(text: str, at: int) -> tuple[str, int] | None:
    """A quoted cell that begins at `at`, and where it ends; None where the quote is only a character."""
    close = at + 1
    while (close := text.find('"', close)) >= 0:
        if text.startswith('""', close):
            close += 2
            continue
        after = close + 1
        if after >= len(text) or text[after] in "\t\r\n":
            return text[at + 1 : close].replace('""', '"'), after
        return None
    return None


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
