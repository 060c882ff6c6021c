"""The only place where the engine's language meets the database: predicates to Q, sources to SQL."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import count
from typing import NamedTuple
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Q

from .reporting.where import CODES, And, Not, Or, Predicate, Where

# dimension → path from a line; `department` and `spent` have their own rule
PATHS = {
    "unit": "item__budget__unit__code",
    "item": "item__uid",
    "category": "item__category",
    "function": "function__code",
    "economic": "economic__code",
    "government": "government__code",
    "fund": "fund__code",
    "carried_over": "carried_over",
}
NO_LINE = Q(pk__in=[])
EVERY_LINE = ~NO_LINE  # an empty Q would be forgotten by | and by ~


def to_q(where: Predicate) -> Q:
    """A predicate as a filter on lines."""
    match where:
        case Where(tests=tests):
            q = EVERY_LINE
            for name, values in tests:
                q &= _test(name, values)
            return q
        case And(parts=parts):
            q = EVERY_LINE
            for part in parts:
                q &= to_q(part)
            return q
        case Or(parts=parts):
            q = NO_LINE
            for part in parts:
                q |= to_q(part)
            return q
        case Not(part=part):
            return ~to_q(part)
    raise TypeError(f"not a predicate: {where!r}")


def _test(name: str, values: tuple) -> Q:
    if name == "spent":  # a line is spent money; what is carried out of the year has no line
        return EVERY_LINE if True in values else NO_LINE
    if name == "department":
        q = NO_LINE
        for value in values:
            q |= Q(item__budget__unit__path__startswith=f"{value}/")
        return q
    if name in CODES:
        q = NO_LINE
        for value in filter(None, values):  # every line has a code, so the empty one is no line's
            q |= Q(**{f"{PATHS[name]}__startswith": value})
        return q
    return Q(**{f"{PATHS[name]}__in": values})


# ---- what a book reads: by ids and without the ORM, whose work at every reading would cost more than the queries do


class ItemRow(NamedTuple):
    """An item; `uid` as text."""

    id: int
    uid: str
    budget: int
    category: str
    code: str
    name: str
    position: int
    nature: str


class CodeRow(NamedTuple):
    """A code of a classification. SQLite says 1 and 0 for true and false."""

    dimension: str
    id: int
    code: str
    name: str
    is_unspecified: bool
    is_leaf: bool = True
    edition: int = 0


CLASSIFICATIONS = {
    "function": "budget_functionalclass",
    "economic": "budget_departmenteconomicclass",
    "government": "budget_governmenteconomicclass",
    "fund": "budget_fundsource",
}


# digits of the codes above those that lines stand on; of sources of funds, which have no levels in print, all
UPPER = {"function": (3, 5), "economic": (3,), "government": (3,), "fund": ()}

_planned: WeakKeyDictionary = WeakKeyDictionary()  # connection → the names of what it has planned


def rows(statement: str, *ids: Iterable[int]) -> list[tuple]:
    """The rows of a SELECT with `IN {}` for each collection of ids; of no ids there are none."""
    lists = [f"({', '.join([str(int(one)) for one in some]) or 'NULL'})" for some in ids]
    return _fetched(statement.format(*lists))


def rows_planned_once(name: str, statement: str, *ids: Iterable[int]) -> list[tuple]:
    """The rows of a SELECT of many parts, as `rows`: PostgreSQL plans it once a connection, else longer than it runs.

    `name`: what the plan is called, another for every statement.
    With DISABLE_SERVER_SIDE_CURSORS, the setting for connections that are pooled outside, it is planned at every turn.
    """
    if connection.vendor != "postgresql" or connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        return rows(statement, *ids)
    connection.ensure_connection()
    planned = _planned.setdefault(connection.connection, set())
    if name not in planned:
        numbers = count(1)
        asked = re.sub(r"IN \{\}", lambda _: f"= ANY (${next(numbers)})", statement)
        types = ", ".join(["bigint[]"] * len(ids))
        connection.connection.execute(f"PREPARE {name} ({types}) AS {asked}")
        planned.add(name)
    lists = ", ".join(f"'{{{', '.join(str(int(one)) for one in some)}}}'" for some in ids)
    return _fetched(f"EXECUTE {name} ({lists})")


_cursor: ContextVar[CursorWrapper | None] = ContextVar("cursor", default=None)


@contextmanager
def one_cursor() -> Iterator[None]:
    """All that is asked meanwhile goes through one cursor: to make one costs half of a small statement."""
    with connection.cursor() as cursor:
        before = _cursor.set(cursor)
        try:
            yield
        finally:
            _cursor.reset(before)


def _fetched(statement: str) -> list[tuple]:
    if (cursor := _cursor.get()) is None:
        with one_cursor():
            return _fetched(statement)
    cursor.execute(statement)
    return cursor.fetchall()


@lru_cache(maxsize=20_000)
def text_of(uid: str) -> str:
    """A uid as the database casts it to text, as Python writes it: SQLite keeps it without hyphens."""
    return uid if len(uid) == 36 else f"{uid[:8]}-{uid[8:12]}-{uid[12:16]}-{uid[16:20]}-{uid[20:]}"


def versions(budgets: Iterable[int]) -> dict[int, int]:
    return dict(rows("SELECT id, version FROM budget_budget WHERE id IN {}", budgets))


def items(budgets: Iterable[int]) -> list[ItemRow]:
    """Every item of the budgets."""
    statement = """SELECT id, CAST(uid AS text), budget_id, category, code, name, position, nature
        FROM budget_item WHERE budget_id IN {}"""
    return [ItemRow(key, text_of(uid), *rest) for key, uid, *rest in rows(statement, budgets)]


def lines(budgets: Iterable[int]) -> list[tuple]:
    """(item, function, economic, government, fund, carried over, 分) of every line of the budgets, the codes by id.

    Not grouped: the database takes longer to group lines than to hand them over.
    """
    return rows(
        """SELECT l.item_id, l.function_id, l.economic_id, l.government_id, l.fund_id, l.carried_over, l.amount_fen
        FROM budget_line l JOIN budget_item i ON i.id = l.item_id WHERE i.budget_id IN {}""",
        budgets,
    )


def codes(
    used: Mapping[str, Collection[int]], coarser: Iterable[int] = (), upper_of: int | None = None
) -> list[CodeRow]:
    """The codes of these ids by dimension, and what the functional ones are cut to at the coarser lengths.

    `upper_of`: the edition of which every source of funds and every code above those of lines (UPPER) is given too.
    """
    columns = "id, code, name, is_unspecified, is_leaf, edition_id"
    selects = [f"SELECT '{name}', {columns} FROM {CLASSIFICATIONS[name]} WHERE id IN {{}}" for name in used]
    ids = list(used.values())
    for length in coarser:
        selects.append(
            f"""SELECT 'function', {columns} FROM budget_functionalclass WHERE (edition_id, code) IN
            (SELECT edition_id, substr(code, 1, {int(length)}) FROM budget_functionalclass WHERE id IN {{}})"""
        )
        ids.append(used["function"])
    for name, lengths in UPPER.items() if upper_of else ():
        which = f" AND LENGTH(code) IN ({', '.join(map(str, lengths))})" if lengths else ""
        selects.append(f"SELECT '{name}', {columns} FROM {CLASSIFICATIONS[name]} WHERE edition_id IN {{}}{which}")
        ids.append([upper_of])
    return list(map(CodeRow._make, rows(" UNION ALL ".join(selects), *ids)))


def codes_called(dimension: str, edition: int, names: Collection[str]) -> list[CodeRow]:
    """The codes of an edition that are written so."""
    marks = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT id, code, name, is_unspecified FROM {CLASSIFICATIONS[dimension]}
            WHERE edition_id = %s AND code IN ({marks})""",
            [edition, *names],
        )
        return [CodeRow(dimension, *row) for row in cursor.fetchall()]


class Typed(NamedTuple):
    """What is typed beside the lines; money in 分.

    `estimates` of income: (budget, fund, carried over, 分); what is known of last year's tables: (table, row, column,
    分); `execution` of last year's budget: (budget, uid, kind, 调整预算数, 执行数).
    """

    estimates: list[tuple]
    last_year: list[tuple]
    execution: list[tuple]


def typed(budgets: Collection[int]) -> Typed:
    """All of it, asked for at once."""
    found = rows(
        """SELECT 'estimate', e.budget_id, f.code, CASE WHEN e.carried_over THEN '1' ELSE '' END, '', e.amount_fen, 0
        FROM budget_incomeestimate e JOIN budget_fundsource f ON f.id = e.fund_id WHERE e.budget_id IN {}
        UNION ALL SELECT 'last year', 0, "table", "row", "column", amount_fen, 0
        FROM budget_lastyearfigure WHERE budget_id IN {}
        UNION ALL SELECT 'execution', budget_id, CAST(uid AS text), kind, '', adjusted_fen, paid_fen
        FROM budget_execution WHERE budget_id IN {}""",
        *[budgets] * 3,
    )
    estimates: list[tuple] = []
    last_year: list[tuple] = []
    execution: list[tuple] = []
    for what, budget, first, second, third, fen, paid in found:
        if what == "estimate":
            estimates.append((budget, first, bool(second), fen))
        elif what == "last year":
            last_year.append((first, second, third, fen))
        else:
            execution.append((budget, text_of(first), second, fen, paid))
    return Typed(estimates, last_year, execution)
