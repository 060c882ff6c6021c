"""What is wrong with a wording before anything is printed: names that nothing has, cells that no table has."""

from budget.reporting import registry
from budget.reporting.plan import NO_COLLAPSE, plan_of
from budget.reporting.spec import Discovered, SideBySide, Single, Skeleton, Sum, Table, TableSet

from . import facts
from .language import names_in
from .render import BASIC_NAMES, IN_PHRASE, REPEATED
from .values import AMOUNT_FORMS
from .wording import (
    ALWAYS,
    BY_AMOUNT,
    BY_CHANGE,
    ByClass,
    Cell,
    Count,
    Fact,
    Glossary,
    Kinds,
    Names,
    Repeated,
    Sentence,
    SumOf,
    Wording,
    wordings,
)

AMOUNTS = (Cell, SumOf)


def problems() -> list[str]:
    """Of every wording; a set without a wording is no problem."""
    found = []
    for key, wording in wordings().items():
        if key not in registry.sets():
            found.append(f"{key}: there is a text but no such table set")
        else:
            found += [f"{key}: text: {problem}" for problem in problems_of(wording, registry.sets()[key])]
    return found


def problems_of(wording: Wording, table_set: TableSet) -> list[str]:
    found = []
    for name, figure in wording.figures.items():
        found += [f"{name}: {problem}" for problem in _figure_problems(figure, wording, table_set)]
    scopes = {}
    for part in wording.parts:
        for block in part.blocks:
            if isinstance(block, Repeated):
                scopes[block.sentence.id] = REPEATED.get(block.over)
                if block.over not in REPEATED:
                    found.append(f"nothing is repeated that is called {block.over}")
            if isinstance(block, Glossary):
                used = {name for _, _, names in block.terms for name in names}
                found += [f"glossary: no figure is called {name}" for name in sorted(used - set(wording.figures))]
    for one in wording.sentences().values():
        found += _sentence_problems(one, wording, scopes.get(one.id) or ())
    return found


def text_problems(text: str, wording: Wording, sentence: Sentence) -> list[str]:
    """What is wrong with a text that is to stand for a case of a sentence, in Chinese."""
    try:
        named = names_in(text)
    except ValueError as error:
        return [str(error)]
    scope = next(
        (
            REPEATED[block.over]
            for part in wording.parts
            for block in part.blocks
            if isinstance(block, Repeated) and block.sentence.id == sentence.id
        ),
        (),
    )
    found = []
    for name, form in named:
        figure = wording.figures.get(name)
        if figure is None and name not in BASIC_NAMES and name not in scope:
            found.append(f"没有名为“{name}”的数据")
        elif form and (not isinstance(figure, AMOUNTS) or form not in AMOUNT_FORMS):
            found.append(f"“{name}”没有“{form}”这种形式")
        elif form == "share" and not getattr(figure, "whole", ""):
            found.append(f"“{name}”没有说明是谁的份额")
        elif form in ("change", "rate", "previous", "unknown") and not (
            name == sentence.of and sentence.cases.keys() == BY_CHANGE
        ):
            found.append(f"“{name}”在这句话中没有与上年比较")
    return found


def _sentence_problems(one: Sentence, wording: Wording, scope) -> list[str]:
    found = []
    if one.cases.keys() not in ({ALWAYS}, BY_AMOUNT, BY_CHANGE):
        found.append(f"{one.id}: cases are forgotten: {sorted(one.cases)}")
    if one.of and one.of not in wording.figures and one.of not in BASIC_NAMES:
        found.append(f"{one.id}: no figure is called {one.of}")
    if one.cases.keys() == BY_CHANGE and not isinstance(wording.figures.get(one.of), Cell):
        found.append(f"{one.id}: {one.of} is no cell, so it has no last year")
    for case, text in one.cases.items():
        found += [f"{one.id}, {case}: {problem}" for problem in text_problems(text, wording, one)]
    return found


def _figure_problems(figure, wording: Wording, table_set: TableSet) -> list[str]:
    match figure:
        case Cell(table=table, row=row, column=column, whole=whole):
            missing = [] if not whole or whole in wording.figures else [f"no figure is called {whole}"]
            return [*missing, *cell_problems(table_set, table, row, column)]
        case SumOf(names=names):
            return [f"no figure is called {name}" for name in names if name not in wording.figures]
        case Fact(key=key):
            return [] if key in facts.number_keys() else [f"no fact is called {key}"]
        case Names(table=table, words=words, money=money):
            return [*cell_problems(table_set, table, "total", money), *_column_problems(table_set, table, words)]
        case Count(table=table):
            return _column_problems(table_set, table)
        case ByClass(table=table, column=column, text=text):
            unknown = [f"no part of a phrase is called {name}" for name, _ in names_in(text) if name not in IN_PHRASE]
            rows = [code for code, _ in table_set.function_classes]
            return [*unknown, *[problem for row in rows for problem in cell_problems(table_set, table, row, column)]]
        case Kinds(records=records):
            tables = [registry.table_in(table_set, placed.table) for placed in table_set.tables]
            is_read = any(records in registry.sources_of(one) for one in tables)
            return [] if is_read else [f"no table of the set is drawn from {records}"]
    return [f"not a figure: {figure!r}"]


def cell_problems(table_set: TableSet, table: str, row: str, column: str) -> list[str]:
    """Why there is no such cell in the set; nothing where there is."""
    if found := _column_problems(table_set, table, column):
        return found
    declared = registry.table_in(table_set, table)
    half = declared
    if isinstance(declared, SideBySide):
        half = next(one for one in (declared.left, declared.right) if column.startswith(f"{one.key}."))
    if row not in _rows(half):
        return [f"{table} has no row {row} that is always there"]
    return []


def _column_problems(table_set: TableSet, table: str, column: str = "") -> list[str]:
    placed = table_set.placed(table)
    if placed is None:
        return [f"the set has no table {table}"]
    declared = registry.table_in(table_set, table)
    if isinstance(declared, SideBySide):
        halves = (declared.left, declared.right)
        columns = {f"{half.key}.{one.key}" for half in halves for one in plan_of(half).columns}
    else:
        columns = {one.key for one in plan_of(declared, placed.collapse or NO_COLLAPSE).columns}
    return [] if not column or column in columns else [f"{table} has no column {column}"]


def _rows(table: Table) -> set[str]:
    match table.rows:
        case Skeleton(rows=rows):
            return {row.key for row in rows}
        case Single(key=key):
            return {key}
        case Discovered(levels=levels):
            return {level.key for level in levels if isinstance(level, Sum)}
    return set()
