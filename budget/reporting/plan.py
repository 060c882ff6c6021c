"""A table's columns, flattened and compiled once: which facts fall in which column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .grid import GridColumn, Value
from .spec import (
    Amount,
    Beside,
    By,
    Change,
    Discovered,
    Group,
    OfWhich,
    Previous,
    Skeleton,
    Table,
    Text,
    Total,
)
from .where import ANYTHING, Predicate, any_of

NO_COLLAPSE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Leaf:
    """A leaf of the column tree with everything its group gives it."""

    spec: Text | Amount | OfWhich | Total | Previous | Change
    keys: tuple[str, ...]
    path: tuple[str, ...]
    where: Predicate
    beside: Beside | None = None

    @property
    def key(self) -> str:
        return ".".join(self.keys)


@dataclass(frozen=True, eq=False)
class Plan:
    """`slots`: the predicates of the leaves that gather money (Amounts first); `places`: for each slot the columns its
    money is added to, its own first and then the Totals it is in; `texts`: place and key of the Text columns;
    `compared`: place and spec of the columns that look at last year; `blank`: cells without words or money.
    """

    columns: tuple[GridColumn, ...]
    leaves: tuple[Leaf, ...]
    amounts: int
    slots: tuple[Predicate, ...]
    places: tuple[tuple[int, ...], ...]
    texts: tuple[tuple[int, str], ...]
    compared: tuple[tuple[int, Previous | Change], ...]
    blank: tuple[Value, ...]
    dimensions: tuple[str, ...]  # of the slots and of the table's scope
    row_dimensions: tuple[str, ...]
    fact_dimensions: frozenset[str]  # both

    def worded(self, words: Mapping[str, str]) -> tuple[Value, ...]:
        """A row's cells from its words by column, without figures."""
        cells = list(self.blank)
        for at, key in self.texts:
            cells[at] = words.get(key, "")
        return tuple(cells)


@lru_cache(maxsize=512)
def plan_of(table: Table, collapse: frozenset[str] = NO_COLLAPSE) -> Plan:
    """The plan of a table; ValueError where the declaration contradicts itself."""
    leaves = tuple(_leaves(table.columns, (), (), ANYTHING, collapse))
    keys = [leaf.key for leaf in leaves]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"{table.key}: column declared twice: {', '.join(sorted(twice))}")
    wheres = _wheres(table, leaves)
    amount_places = [at for at, leaf in enumerate(leaves) if isinstance(leaf.spec, Amount)]
    of_which_places = [at for at, leaf in enumerate(leaves) if isinstance(leaf.spec, OfWhich)]
    totals = [(at, leaf.keys[:-1]) for at, leaf in enumerate(leaves) if isinstance(leaf.spec, Total)]
    places = tuple(
        (at, *(total for total, group in totals if leaves[at].keys[: len(group)] == group)) for at in amount_places
    )
    slots = tuple(wheres[at] for at in (*amount_places, *of_which_places))
    used = table.where.dimensions.union(*(where.dimensions for where in slots))
    rows = row_dimensions(table)
    columns = tuple(
        GridColumn(
            key=leaf.key,
            path=leaf.path,
            role=_role(leaf.spec),
            group_keys=leaf.keys,
            where=wheres[at],
            merge=getattr(leaf.spec, "merge", False),
            width=getattr(leaf.spec, "width", None),
        )
        for at, leaf in enumerate(leaves)
    )
    return Plan(
        columns=columns,
        leaves=leaves,
        amounts=len(amount_places),
        slots=slots,
        places=(*places, *((at,) for at in of_which_places)),
        texts=tuple((at, column.key) for at, column in enumerate(columns) if column.is_text),
        compared=tuple((at, leaf.spec) for at, leaf in enumerate(leaves) if isinstance(leaf.spec, (Previous, Change))),
        blank=tuple("" if column.is_text else None for column in columns),
        dimensions=tuple(sorted(used)),
        row_dimensions=rows,
        fact_dimensions=used.union(rows),
    )


def row_dimensions(table: Table) -> tuple[str, ...]:
    """The dimensions that tell a fact's row."""
    match table.rows:
        case Discovered(levels=levels):
            return tuple(dict.fromkeys(name for level in levels if isinstance(level, By) for name in level.names))
        case Skeleton(rows=rows):
            found: Sequence[str] = sorted(set().union(*(row.where.dimensions for row in rows if hasattr(row, "where"))))
            return tuple(found)
    return ()


def _leaves(columns, keys, path, where, collapse):
    for column in columns:
        here, label = (*keys, column.key), (*path, column.label)
        if isinstance(column, Group) and ".".join(here) in collapse:
            yield Leaf(Amount("total", column.label, column.where), (*here, "total"), label, _collapsed(column, where))
        elif isinstance(column, Group):
            yield from _leaves(column.columns, here, label, where & column.where, collapse)
        elif isinstance(column, Beside):
            for text in column.fields:
                yield Leaf(text, (*here, text.key), (*label, text.label), where, beside=column)
        else:
            yield Leaf(column, here, label, where & getattr(column, "where", ANYTHING))


def _collapsed(group: Group, where: Predicate) -> Predicate:
    """The money of a group printed as one column: its own predicate, or what its Amounts hold together."""
    if group.where != ANYTHING:
        return where & group.where
    inner = _leaves(group.columns, (), (), where, NO_COLLAPSE)
    return any_of(leaf.where for leaf in inner if isinstance(leaf.spec, Amount))


def _wheres(table: Table, leaves: tuple[Leaf, ...]) -> list[Predicate | None]:
    """What each column's figures are made of; None for words and computed columns."""
    amounts = [leaf for leaf in leaves if isinstance(leaf.spec, Amount)]
    wheres: list[Predicate | None] = []
    for at, leaf in enumerate(leaves):
        match leaf.spec:
            case Amount():
                wheres.append(leaf.where)
            case Total():
                group = leaf.keys[:-1]
                wheres.append(any_of(one.where for one in amounts if one.keys[: len(group)] == group))
            case OfWhich(of=None):
                parent = max((i for i in range(at) if isinstance(leaves[i].spec, (Amount, Total))), default=None)
                if parent is None:
                    raise ValueError(f"{table.key}: {leaf.key} is part of no column before it")
                wheres.append(wheres[parent] & leaf.spec.where)
            case OfWhich(of=parent_key):
                parent = next((i for i in range(at) if leaves[i].key == parent_key), None)
                if parent is None:
                    raise ValueError(f"{table.key}: {leaf.key} is part of {parent_key}, which no column before it is")
                wheres.append(wheres[parent] & leaf.spec.where)
            case _:
                wheres.append(None)
    return wheres


def _role(spec) -> str:
    match spec:
        case Text():
            return "text"
        case Amount():
            return "amount"
        case OfWhich():
            return "of_which"
        case Total():
            return "total"
        case Previous():
            return "previous"
        case Change(rate=True):
            return "rate"
    return "change"
