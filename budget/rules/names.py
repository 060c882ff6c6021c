"""N06–N09: names of projects and organisations as they are printed."""

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import normalize

from budget.reporting.matter import Matter, rows_of
from budget.reporting.rules import Finding, Heading, Severity, Side, Spot, Tally, rule
from budget.reporting.truths import Whole

NAMED = (("projects", "name"), ("project_performance", "name"), ("basic_items", "name"))
# a document's number as it is typed: an agency, a year in some brackets, a number
NUMBER = re.compile(
    r"(?P<agency>[\u4e00-\u9fff]{2,8}?)\s*[(\[〔【［（](?P<year>(?:19|20)\d{2})[)\]〕】］）]\s*(?P<extra>年?)第?(?P<number>\d{1,5})\s*号"
)
YEAR_IN_BRACKETS = re.compile(r"[(\[〔【［（]\s*[12１２]")  # quick: without it there is no number to look at
RIGHT_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,8}〔(?:19|20)\d{2}〕\d{1,5}号")
MAYBE = frozenset("xX×＿_{待某称测…?？")  # quick: one of these is in every placeholder
BLANKS, BRACKETS = re.compile(r"\s"), str.maketrans("〔〕【】[]", "()()()")
PLACEHOLDERS = re.compile(r"[xX×]{2,}|[＿_]{2,}|\{[^}]*\}|待定|待补|某某|项目名称|测试项目|…{2,}|\?{2,}|？{2,}")


@lru_cache(maxsize=16_384)
def plain(name: str) -> str:
    """A name as names are compared: NFKC, without spaces, one kind of brackets."""
    text = normalize("NFKC", name)
    return BLANKS.sub("", text).translate(BRACKETS)


Printed = tuple[str, str, str, str]  # a name, and the cell that it stands in: table, row, column


def printed_names(matter: Matter) -> list[Printed]:
    """The name of every item that tables 7, 12 and 15 print, with its cell."""
    found = []
    for table, column in NAMED:
        grid = matter.grid(table)
        at = grid.column_at(column) if grid else 0
        found += [(row.cells[at], table, row.key, column) for row in rows_of(grid, ("item",))] if grid else []
    return found


def _spot(matter: Matter, one: Printed) -> Spot:
    name, *cell = one
    return Spot("cell", tuple(cell), f"{matter.title(cell[0])} {name}")


def _by_name(matter: Matter) -> dict[str, list[Printed]]:
    found: dict[str, list[Printed]] = {}
    for places in matter.once(_as_written).values():
        found.setdefault(plain(places[0][0]), []).extend(places)
    return found


def _as_written(matter: Matter) -> dict[str, list[Printed]]:
    found: dict[str, list[Printed]] = {}
    for one in matter.once(printed_names):
        found.setdefault(one[0], []).append(one)
    return found


def _document_numbers(matter: Matter, tally: Tally) -> Iterator[Finding]:
    different = matter.once(_by_name)
    tally.compared += len(different)
    if not YEAR_IN_BRACKETS.search("\n".join(matter.once(_as_written))):
        return  # in all names as one text, a name a line
    for key, places in different.items():
        name = places[0][0]
        if not YEAR_IN_BRACKETS.search(name):
            continue
        for match in NUMBER.finditer(normalize("NFKC", name)):
            right = f"{match['agency']}〔{match['year']}〕{match['number']}号"
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
    for key, places in matter.once(_by_name).items():
        if len({table for _, table, *_ in places}) < 2:
            continue
        tally.compared += 1
        written = {one[0]: one for one in reversed(places)}
        if len(written) > 1:
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
    tally.compared += len(matter.once(printed_names))
    maybe = [name for name in matter.once(_as_written) if not MAYBE.isdisjoint(name)]
    if not PLACEHOLDERS.search("\n".join(maybe)):
        return  # in all of them as one text, a name a line
    for name in maybe:
        printed = matter.once(_as_written)[name]
        if match := PLACEHOLDERS.search(name):
            for one in printed:
                spot = _spot(matter, one)
                yield Finding(f"名称“{name}”中有未填写的“{match[0]}”", "/".join(spot.key), (spot,), Side("名称", name))


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
        for row in rows_of(grid, ("department", "unit")) if grid else ():
            name, code = row.cells[grid.column_at(column)], row.key.rpartition("/")[2]
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
