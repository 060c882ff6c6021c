"""N06–N09: names of projects and organisations as they are printed."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from unicodedata import normalize

from budget.reporting.matter import Matter, rows_of
from budget.reporting.rules import Finding, Heading, Severity, Side, Spot, Tally, rule
from budget.reporting.truths import Whole

NAMED = (("projects", "name"), ("project_performance", "name"), ("basic_items", "name"))
# a document's number as it is typed: an agency, a year in some brackets, a number
NUMBER = re.compile(
    r"(?P<agency>[\u4e00-\u9fff]{2,8}?)\s*[(\[〔【［（](?P<year>(?:[1１][9９]|[2２][0０])\d{2})[)\]〕】］）]\s*(?P<extra>年?)第?(?P<number>\d{1,5})\s*号"
)
YEAR_IN_BRACKETS = re.compile(r"[(\[〔【［（]\s*[12１２]")  # quick: without it there is no number to look at
BLANKS, BRACKETS = re.compile(r"\s"), str.maketrans("〔〕【】[]", "()()()")
PLACEHOLDERS = re.compile(r"[xX×]{2,}|[＿_]{2,}|\{[^}]*\}|待定|待补|某某|项目名称|测试项目|…{2,}|\?{2,}|？{2,}")
DOUBLED = ("xX×", "＿_", "…", "?", "？")
MARKS = (  # quick: one of these is in every placeholder
    *("{", "待定", "待补", "某某", "项目名称", "测试项目"),
    *("".join(pair) for signs in DOUBLED for pair in product(signs, repeat=2)),
)


@lru_cache(maxsize=16_384)
def plain(name: str) -> str:
    """A name as names are compared: NFKC, without spaces, one kind of brackets."""
    text = normalize("NFKC", name)
    return BLANKS.sub("", text).translate(BRACKETS)


Printed = tuple[str, str, str, str]  # a name, and the cell that it stands in: table, row, column


def names_of(matter: Matter) -> dict[tuple[str, str], list[str]]:
    """Table and column → the name of every item that tables 7, 12 and 15 print there."""
    found = {}
    for table, column in NAMED:
        if grid := matter.grid(table):
            at = grid.column_at(column)
            found[table, column] = [row.cells[at] for row in rows_of(grid, ("item",))]
    return found


def printed_names(matter: Matter) -> list[Printed]:
    """The same with the cell of each name."""
    return [
        (name, table, row.key, column)
        for (table, column), names in matter.once(names_of).items()
        for name, row in zip(names, rows_of(matter.grid(table), ("item",)), strict=True)
    ]


def _different(matter: Matter) -> list[str]:
    """Every name as it is written, once."""
    return list(dict.fromkeys([name for names in matter.once(names_of).values() for name in names]))


def _together(matter: Matter) -> str:
    """All different names as one text, a name a line: what is not in it is in none of them."""
    return "\n".join(matter.once(_different))


def _compared(matter: Matter) -> dict[str, str]:
    """Each different name and how it is compared."""
    return {name: plain(name) for name in matter.once(_different)}


def _by_name(matter: Matter) -> dict[str, list[Printed]]:
    found: dict[str, list[Printed]] = {}
    compared = matter.once(_compared)
    for one in matter.once(printed_names):
        found.setdefault(compared[one[0]], []).append(one)
    return found


def _spot(matter: Matter, one: Printed) -> Spot:
    name, *cell = one
    return Spot("cell", tuple(cell), f"{matter.title(cell[0])} {name}")


def _document_numbers(matter: Matter, tally: Tally) -> Iterator[Finding]:
    tally.compared += len(set(matter.once(_compared).values()))
    if not YEAR_IN_BRACKETS.search(matter.once(_together)):
        return
    for key, places in matter.once(_by_name).items():
        name = places[0][0]
        if not YEAR_IN_BRACKETS.search(name):
            continue
        for match in NUMBER.finditer(name):
            year, number = (normalize("NFKC", match[part]) for part in ("year", "number"))
            right = f"{match['agency']}〔{year}〕{number}号"
            if right not in name:
                tables = "、".join(dict.fromkeys(matter.title(table) for _, table, *_ in places))
                yield Finding(
                    f"{tables}：文号“{match[0]}”应为“{right}”",
                    f"number/{key}",
                    tuple(_spot(matter, one) for one in places),
                    Side("印作", match[0]),
                    Side("应为", right),
                )


rule(
    "N06",
    "文号写作“机关代字〔年份〕序号号”",
    Whole(_document_numbers),
    severity=Severity.WARNING,
    heading=Heading.FORM,
    source="《党政机关公文处理工作条例》、GB/T 9704—2012（发文字号）；表12、表15",
    related=("Y04", "N07"),
)


def _brackets(matter: Matter, tally: Tally) -> Iterator[Finding]:
    compared = matter.once(_compared)
    of_tables = [{compared[name] for name in names} for names in matter.once(names_of).values()]
    tables = Counter([name for names in of_tables for name in names])
    tally.compared += len([name for name, count in tables.items() if count > 1])
    if len(tables) == len(compared):
        return  # no name is written in two ways
    for key, places in matter.once(_by_name).items():
        written = {one[0]: one for one in reversed(places)}
        if tables[key] > 1 and len(written) > 1:
            (first, here), (second, there), *_ = reversed(written.items())
            yield Finding(
                f"同一项目名称写法不同（括号全角、半角）：“{first}”和“{second}”",
                f"brackets/{key}",
                tuple(_spot(matter, one) for one in reversed(written.values())),
                Side(_spot(matter, here).label, first),
                Side(_spot(matter, there).label, second),
            )


rule(
    "N07",
    "同一项目的名称在各表中写法相同",
    Whole(_brackets),
    severity=Severity.HINT,
    heading=Heading.FORM,
    source="表12、表15",
    related=("X22", "N06"),
)


def _placeholders(matter: Matter, tally: Tally) -> Iterator[Finding]:
    tally.compared += sum(map(len, matter.once(names_of).values()))
    text = matter.once(_together)
    if not any([mark[0] in text and mark in text for mark in MARKS]):
        return
    wrong = {name: match[0] for name in matter.once(_different) if (match := PLACEHOLDERS.search(name))}
    for one in [one for one in matter.once(printed_names) if one[0] in wrong]:
        spot = _spot(matter, one)
        words = f"名称“{one[0]}”中有未填写的“{wrong[one[0]]}”"
        yield Finding(words, "/".join(spot.key), (spot,), Side("名称", one[0]))


rule(
    "N08",
    "名称中没有留下的占位符号",
    Whole(_placeholders),
    severity=Severity.WARNING,
    heading=Heading.FORM,
    source="表7、表12、表15",
)

ORGANISATIONS = (
    ("revenue", "name"),
    ("expenditure", "name"),
    ("general_expenditure", "name"),
    ("basic_items", "name"),
    ("projects", "unit"),
    ("project_performance", "name"),
)


def _one_organisation(matter: Matter, tally: Tally) -> Iterator[Finding]:
    names: dict[str, dict[str, Spot]] = {}
    for table, column in ORGANISATIONS:
        grid = matter.grid(table)
        if not grid:
            continue
        at, levels = grid.column_at(column), grid.levels()
        for row in [*levels.get("department", ()), *levels.get("unit", ())]:
            name, code = row.cells[at], row.key.rpartition("/")[2]
            tally.compared += 1
            if name:
                names.setdefault(code, {}).setdefault(name, Spot("cell", (table, row.key, column), matter.title(table)))
    for code, written in names.items():
        if len(written) > 1:
            first, second, *_ = written
            yield Finding(
                f"{code} 的名称不同：{written[first].label}为“{first}”，{written[second].label}为“{second}”",
                f"organisation/{code}",
                tuple(written.values()),
                Side(written[first].label, first),
                Side(written[second].label, second),
            )


rule(
    "N09",
    "部门和单位名称在各表中相同",
    Whole(_one_organisation),
    severity=Severity.WARNING,
    heading=Heading.FORM,
    source="各表部门、单位行",
)
