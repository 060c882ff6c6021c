"""What is measured: tables, workbook, PDF, checks, the busiest pages, an import; each in turns with its floor."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from django.db import connection

from budget import checking
from budget.books import read_book, select
from budget.reporting import xlsx
from budget.reporting.gather import kept_shape
from budget.reporting.grid import Grid
from organisation.models import Unit
from publication.document import Document, document_of
from publication.pdf import pdf_bytes

from . import data, document_floor, floors, grid, importing, pages, progress, public_page
from .agreement import differences
from .databases import settle, temporary_database
from .workbook_floor import say_again, written_down

NAMES = (
    "book_tables",
    "book_tables_first",
    "workbook",
    "checks",
    "recheck",
    "document_pdf",
    "grid_state",
    "grid_save",
    *pages.PAGES,
    "page_progress",
    "public_page",
    "import",
)
PROMISED = 0.3  # seconds at the server for the check after one edit: stands where others have a floor
TARGETS = {
    "recheck": 1,
    "book_tables": 1.2,
    "workbook": 1.3,
    "checks": 1.5,
    "document_pdf": 1.5,
    "page_progress": 3,
    "import": 3,
    "public_page": 1.25,
}
LARGEST_PDF, PDF_ROUNDS = 2_000, 5  # lines: larger ones are drawn by a job
SIZES = (40, 2_000, 20_000, 200_000)
CREATED = datetime(2024, 1, 15)
MOMENT = CREATED.replace(tzinfo=UTC)


class Disagreement(Exception):
    """The floor and we do not say the same: no figure is worth anything."""


@dataclass(frozen=True)
class Result:
    """The medians of one measurement, in seconds."""

    name: str
    database: str
    size: int
    seconds: float
    floor_seconds: float
    ratio: float
    target: float | None = None  # of pages there is none: what they cost beside an empty view is only watched

    @property
    def is_met(self) -> bool:
        return self.target is None or self.ratio <= self.target

    def as_json(self) -> dict:
        return asdict(self)


def measured(size: int, names: Sequence[str], rounds: int | None = None) -> Iterator[Result]:
    """The measurements of a size, in a database of its own."""
    with temporary_database(size):
        department = data.fill(size)
        settle()
        yield from measured_here(department, size, names, rounds)


def measured_here(department: Unit, size: int, names: Sequence[str], rounds: int | None = None) -> Iterator[Result]:
    """The measurements of a department that is in the database already. Disagreement where the floor says otherwise."""
    statements = floors.groupings(*_given(department))
    _agree(_grids(department), _rows(statements))
    if "book_tables" in names:
        yield _result("book_tables", size, lambda: _grids(department), lambda: _rows(statements), rounds)
    if "book_tables_first" in names and size == SIZES[0]:  # of many lines nothing is kept
        yield _result("book_tables_first", size, lambda: _first_grids(department), lambda: _rows(statements), rounds)
    if "workbook" in names:
        grids = _grids(department)
        script, content = written_down(grids, CREATED)
        if say_again(script) != content:
            raise Disagreement("工作簿：底线写出的文件与本系统的不同")
        del content
        yield _result(
            "workbook", size, lambda: xlsx.book_bytes(grids, created=CREATED), lambda: say_again(script), rounds
        )
    if "checks" in names:
        # the floor of a check is not SQL: it is our own tables, whose figures every rule is about
        yield _result("checks", size, lambda: _report(department), lambda: _grids(department), rounds)
    if "recheck" in names and size <= pages.LARGEST:
        # beside no floor: what is promised is a time
        seconds, _ = _medians(pages.recheck(department), lambda: None, rounds or _rounds("recheck", size))
        yield _as_result("recheck", size, seconds, PROMISED)
    if "document_pdf" in names and size <= LARGEST_PDF:
        yield _drawn(department, size, rounds or PDF_ROUNDS)
    if size <= pages.LARGEST and {"grid_state", "grid_save"} & set(names):
        budget = grid.fill(data.YEAR, data.STAGE, size)
    if size <= pages.LARGEST and "grid_state" in names:
        ask, floor = pages.grid_state(budget), grid.bare(budget)
        grid.agree(ask().content, floor(), size)
        yield _result("grid_state", size, ask, floor, rounds)
    if size <= pages.LARGEST and "grid_save" in names:
        yield _result("grid_save", size, pages.grid_save(budget), grid.bare_save(budget), rounds)
    if size <= pages.LARGEST and set(names) & set(pages.PAGES):
        asking = pages.requests(department)
        for name in pages.PAGES:
            if name in names and name in asking:
                yield _result(name, size, asking[name], asking["empty"], rounds)
    if "page_progress" in names and size == SIZES[0]:  # how many lines there are is no matter to it
        yield _result("page_progress", size, *progress.requests(), rounds)
    if "public_page" in names and size <= pages.LARGEST:
        with public_page.requests(department, data.YEAR, data.STAGE) as (page, file):
            yield _result("public_page", size, page, file, rounds)
    if "import" in names and size <= importing.LARGEST + 1:
        yield _result("import", size, *importing.works(department, size), rounds)


def _given(department: Unit) -> tuple[list[int], bool]:
    """What the floor need not find out: the budgets' ids, and whether there are several units."""
    ids = [budget.pk for budget in select(department, data.YEAR, data.STAGE).budgets]
    return ids, len(ids) > 1


def _grids(department: Unit) -> list[Grid]:
    """What is timed: which budgets, reading them, computing every table of the set."""
    return read_book(select(department, data.YEAR, data.STAGE)).grids()


def _first_grids(department: Unit) -> list[Grid]:
    """The same of values that the process sees for the first time; there is no target, it is only watched."""
    kept_shape.cache_clear()
    return _grids(department)


def _report(department: Unit) -> checking.Report:
    """What is timed: everything read once, every table of the set, every rule."""
    return checking.check(select(department, data.YEAR, data.STAGE))


def _document(department: Unit) -> Document:
    return document_of(select(department, data.YEAR, data.STAGE))


def _pdf(department: Unit) -> bytes:
    """What is timed: choosing, reading, computing, the text, the layout, and typst."""
    return pdf_bytes(_document(department), created=MOMENT)


def _drawn(department: Unit, size: int, rounds: int) -> Result:
    """The PDF beside typst alone, each in a process of its own."""
    bare = document_floor.bare(_document(department), MOMENT)
    times = []
    for _ in range(rounds):
        (floor_seconds, theirs), (seconds, ours) = (
            document_floor.cold(bare),
            document_floor.cold(lambda: _pdf(department)),
        )
        if not ours or theirs != ours:
            raise Disagreement("PDF：底线画出的文件与本系统的不同")
        times.append((seconds, floor_seconds))
    seconds, floor_seconds = (statistics.median(part) for part in zip(*times, strict=True))
    return _as_result("document_pdf", size, seconds, floor_seconds)


def _rows(statements: dict[str, str]) -> dict[str, list[tuple]]:
    with connection.cursor() as cursor:
        return floors.fetch(cursor, statements)


def _agree(grids: list[Grid], rows: dict[str, list[tuple]]) -> None:
    if found := differences(grids, rows):
        raise Disagreement("；".join(found))


def _result(name: str, size: int, ours: Callable, floor: Callable, rounds: int | None) -> Result:
    return _as_result(name, size, *_medians(ours, floor, rounds or _rounds(name, size)))


def _as_result(name: str, size: int, seconds, floor_seconds) -> Result:
    return Result(
        name=name,
        database=connection.vendor,
        size=size,
        seconds=float(round(seconds, 6)),
        floor_seconds=float(round(floor_seconds, 6)),
        ratio=float(round(seconds / floor_seconds, 2)),
        target=TARGETS.get(name),
    )


def _rounds(name: str, size: int) -> int:
    """How often each is run: often where it is short."""
    if size <= 2_000:
        return 25 if name.startswith("book_tables") else 9
    return 7 if size <= 20_000 else 3


def _medians(ours: Callable, floor: Callable, rounds: int) -> tuple[float, float]:
    """Median seconds of each: in turns, after a run each that does not count, rubbish collected before every run."""
    times: tuple[list[float], list[float]] = ([], [])
    for at in range(rounds + 1):
        for run, spent in zip((floor, ours), times, strict=True):
            gc.collect()
            start = time.perf_counter()
            result = run()
            end = time.perf_counter()
            del result
            if at:
                spent.append(end - start)
    floor_seconds, seconds = map(statistics.median, times)
    return seconds, floor_seconds
