"""THE FROZEN FLOOR of the workbook: XlsxWriter alone, told cell by cell what our renderer told it.

What our renderer says to XlsxWriter is written down once, untimed. Saying it again is the floor: words, figures,
merges, widths, heights and formats stand ready in a list. Both files are the same, byte for byte.
"""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import NamedTuple
from unittest import mock

import xlsxwriter
from xlsxwriter.format import Format

from budget.reporting import xlsx
from budget.reporting.grid import Grid


class Call(NamedTuple):
    """A method of a worksheet; `form`: the number of the format that is its last argument, None without one."""

    method: str
    args: tuple
    keywords: dict
    form: int | None


class Script(NamedTuple):
    """What is said to XlsxWriter for a workbook: its properties, its formats, the calls of each worksheet by name."""

    properties: list[dict]
    formats: list[dict]
    sheets: list[tuple[str, list[Call]]]


def written_down(grids: Iterable[Grid], created: datetime) -> tuple[Script, bytes]:
    """What `xlsx.book_bytes` says to XlsxWriter for these Grids, and the file."""
    script = Script([], [], [])

    class Listening(xlsxwriter.Workbook):
        numbers: dict | None = None  # format → its number, once XlsxWriter has made its own

        def __init__(self, *args, **keywords):
            super().__init__(*args, **keywords)
            self.numbers = {}

        def set_properties(self, properties):
            script.properties.append(properties)
            super().set_properties(properties)

        def add_format(self, properties=None):
            form = super().add_format(properties)
            if self.numbers is not None:
                self.numbers[form] = len(script.formats)
                script.formats.append(dict(properties))
            return form

        def add_worksheet(self, name=None, worksheet_class=None):
            script.sheets.append((name, []))
            return _Listener(super().add_worksheet(name, worksheet_class), script.sheets[-1][1], self.numbers)

    with mock.patch.object(xlsxwriter, "Workbook", Listening):
        content = xlsx.book_bytes(grids, created=created)
    return script, content


class _Listener:
    """A worksheet whose methods are written down and done."""

    def __init__(self, worksheet, calls: list[Call], numbers: dict[Format, int]):
        self._worksheet, self._calls, self._numbers = worksheet, calls, numbers

    def __getattr__(self, method: str):
        do = getattr(self._worksheet, method)

        def say(*args, **keywords):
            form = self._numbers[args[-1]] if args and isinstance(args[-1], Format) else None
            self._calls.append(Call(method, args if form is None else args[:-1], keywords, form))
            return do(*args, **keywords)

        return say


def say_again(script: Script) -> bytes:
    """The file from the script: what is timed."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        for properties in script.properties:
            workbook.set_properties(properties)
        formats = [workbook.add_format(properties) for properties in script.formats]
        for name, calls in script.sheets:
            worksheet = workbook.add_worksheet(name)
            for method, args, keywords, form in calls:
                if form is None:
                    getattr(worksheet, method)(*args, **keywords)
                else:
                    getattr(worksheet, method)(*args, formats[form])
    return file.getvalue()
