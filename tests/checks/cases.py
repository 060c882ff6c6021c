"""For each rule that is no identity between cells: a fault that makes it fail, and what makes it apply."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from budget.reporting.matter import Matter
from budget.rules.codes import FUNCTION_TABLES
from performance.rules import template
from publication.text_rules import PlacedText
from tests.plain_books import NAMES, UNIT

from .matters import HUNDREDTH, planted, with_grids, with_lines, with_lists

FIVE, SIX, THREE, TWELVE = "general_expenditure", "general_basic_by_economic", "expenditure", "projects"


class Case(NamedTuple):
    """`fault(matter)` gives the matter that fails; `applies` one to which the rule applies and that passes."""

    fault: Callable[[Matter], Matter]
    applies: Callable[[Matter], Matter] = lambda matter: matter


def lists(**changes) -> Case:
    return Case(lambda matter: with_lists(matter, **changes))


def first(**values):
    """The records with other values in the first."""
    return lambda records: [{**records[0], **values}, *records[1:]]


def said(words: str, place: str = "第二部分 一") -> Case:
    """A paragraph more in the text."""
    return lists(
        text=lambda records: [{**records[0], "paragraphs": [*records[0]["paragraphs"], PlacedText(place, words)]}]
    )


def each(**values):
    return lambda records: [{**one, **values} for one in records]


def line(where: dict | None = None, **values):
    """The lines with other values in the first that is so."""

    def change(records):
        found, done = [], False
        for one in records:
            hit = not done and all(one[name] == value for name, value in (where or {}).items())
            found.append({**one, **values} if hit else one)
            done = done or hit
        assert done, where
        return found

    return change


def codes(dimension: str, **values):
    """What the edition says of the first code of a dimension."""

    def change(records):
        at = next(at for at, one in enumerate(records) if one["dimension"] == dimension)
        return [{**one, **values} if place == at else one for place, one in enumerate(records)]

    return change


def words(table: str, kind: str, column: str, text: str) -> Case:
    """Other words in the first row of a level."""

    def change(matter: Matter) -> Matter:
        grid = matter.grid(table)
        row = next(row for row in grid.rows if row.kind == kind)
        return planted(matter, (table, row.key, column), text)

    return Case(change)


def unspecified(records):
    zero = {"name": "未细化", "is_leaf": True, "is_unspecified": True, "is_of_edition": True}
    return [
        *records,
        {"dimension": "function", "code": "0000000", **zero},
        {"dimension": "economic", "code": "00000", **zero},
        {"dimension": "government", "code": "00000", **zero},
    ]


def _without_statement(matter: Matter) -> Matter:
    grid = matter.grid("government_fund_expenditure")
    return with_grids(matter, {grid.key: replace(grid, statement="", _by_key={})})


def _misfit(matter: Matter) -> Matter:
    from budget.reporting.grid import Misfit

    grid = matter.grid(THREE)
    return with_grids(
        matter, {THREE: replace(grid, misfits=(Misfit("column", (("economic", "39999"),), 5),), _by_key={})}
    )


def _renamed_rows(matter: Matter, tables, key: Callable[[str], str], **cells: str) -> Matter:
    """Rows under another key in every one of the tables, and other words in the cells of those rows."""
    grids = {}
    for grid in (matter.grid(table) for table in tables):
        rows = []
        for row in grid.rows:
            if key(row.key) != row.key:
                words = {grid.column_at(name.replace("__", ".")): word for name, word in cells.items()}
                row = row._replace(
                    key=key(row.key), cells=tuple(words.get(at, value) for at, value in enumerate(row.cells))
                )
            rows.append(row)
        grids[grid.key] = replace(grid, rows=tuple(rows), _by_key={})
    return with_grids(matter, grids)


def _other_pair(matter: Matter) -> Matter:
    def key(name: str) -> str:
        return name.replace("30101+50101", "30101+50299")

    return _renamed_rows(matter, (SIX, "by_economic"), key, government__name=NAMES["government"]["50299"])


def _unknown_code(matter: Matter) -> Matter:
    return _renamed_rows(matter, FUNCTION_TABLES, lambda name: name.replace("2060101", "2069876"))


def _negative(matter: Matter) -> Matter:
    """One line below nothing, another of the same item above by as much: every table still adds up."""

    def change(lines):
        first = next(one for one in lines if sum(one["item"] == other["item"] for other in lines) > 1)
        second = next(one for one in lines if one["item"] == first["item"] and one is not first)
        moved = first["fen"] + HUNDREDTH
        for one in lines:
            by = -moved if one is first else moved if one is second else 0
            yield {**one, "fen": one["fen"] + by}

    return with_lines(change)


def item_names(text: str) -> Case:
    """Another name of a project, in every table that prints it."""

    def change(matter: Matter) -> Matter:
        cell = _cell(matter, TWELVE)
        there = (
            "project_performance",
            next(r.key for r in matter.grid("project_performance").rows if r.kind == "item"),
        )
        return planted(planted(matter, cell, text), (*there, "name"), text)

    return Case(change)


def of_fund(fund: str, where: dict | None = None) -> Case:
    """A line of another fund, which the edition knows."""
    known = {"dimension": "fund", "code": fund, "name": fund, "is_leaf": True, "is_unspecified": False}
    return lists(
        checked_lines=line(where, fund=fund),
        code_facts=lambda records: [*records, {**known, "is_of_edition": True}],
    )


def at(place: int, **values):
    """The records with other values in one of them."""
    return lambda records: [{**one, **values} if number == place else one for number, one in enumerate(records)]


def _same_indicators(records):
    """The second project's indicators under the first one's names."""
    size = len([one for one in records if one["item"] == records[0]["item"]])
    names = [one["name"] for one in records[:size]]
    return [
        {**one, "name": names[number - size]} if size <= number < 2 * size else one
        for number, one in enumerate(records)
    ]


def moved(**values):
    return lambda records: [records[0]._replace(**values), *records[1:]]


def _last_public(records):
    return [one._replace(before=90) if one.cell[2] == "vehicles.running" else one for one in records]


BY_NUMBER = "市财预〔2024〕5号关于下达资金的通知"
CASES: dict[str, Case] = {
    "X24": Case(_without_statement),
    "A03": Case(_misfit),
    "A04": Case(_negative),
    "N01": words(THREE, "function", "name", "行政运转"),
    "N02": words(FIVE, "function", "name", "行政运转"),
    "N03": Case(_unknown_code),
    "N04": Case(_other_pair),
    "N05": lists(printed_zeros=first(zeros=3)),
    "N06": item_names("市财预（2024）年5号关于下达资金的通知"),
    "N07": Case(
        lambda matter: planted(
            planted(matter, _cell(matter, TWELVE), "科技（一）项目"),
            _cell(matter, "project_performance"),
            "科技(一)项目",
        )
    ),
    "N08": item_names("XX项目"),
    "N09": words(FIVE, "department", "name", "另一个局"),
    "L01": lists(code_facts=codes("function", is_leaf=False)),
    "L02": lists(code_facts=codes("economic", is_of_edition=False)),
    "L03": lists(code_facts=unspecified, checked_lines=line(function="0000000")),
    "L04": lists(code_facts=unspecified, checked_lines=line({"category": "1"}, economic="00000")),
    "L05": lists(code_facts=unspecified, checked_lines=line({"category": "3"}, economic="00000")),
    "L06": lists(checked_lines=line({"economic": "30101"}, government="50299")),
    "L07": lists(checked_lines=line({"economic": "30107"}, nature="行政")),
    "L08": of_fund("121"),
    "L09": lists(checked_lines=line({"economic": "30109"}, function="2080599")),
    "L10": lists(checked_items=lambda records: [*records, {**records[0], "item": "other"}]),
    "L11": lists(checked_items=first(fen=0)),
    "L12": of_fund("31", {"economic": "30217"}),
    "L13": lists(draft_rows=each(count=2)),
    "L14": lists(checked_lines=line(fen=HUNDREDTH + 1)),
    "L15": lists(estimates=each(spent=301)),
    "C01": lists(control_numbers=each(limit=193_000_000 - 1)),
    "R01": lists(compared=moved(before=None)),
    "R02": lists(compared=moved(reason="")),
    "R03": lists(compared=moved(reason="压减开支")),
    "R04": lists(compared=_last_public),
    "F01": lists(staffing=each(is_filled=False)),
    "F02": lists(staffing=each(worker=3)),
    "F03": lists(staffing=each(in_office=18)),
    "F04": lists(assets=[]),
    "F05": lists(assets=lambda records: [records[0], {**records[1], "number": 1}]),
    "F06": lists(assets=lambda records: [{**records[0], "number": 1}, records[1]]),
    "F07": lists(procurement=each(flagged=499)),
    "F08": lists(duties=each(count=0)),
    "F09": lists(transfers=each(fen=None)),
    "F10": lists(execution=first(paid=301)),
    "F11": lists(execution=lambda records: [*records[:2], {**records[2], "adjusted": 501}]),
    "D01": Case(_without_statement),
    "D02": Case(lambda matter: with_grids(matter, {"revenue": None})),
    "D03": lists(campaign=lambda records: [{**records[0], "today": records[0]["due"].replace(day=16)}]),
    "D04": lists(standing=each(clock="公开已逾期 1 天", is_late=True)),
    "D05": lists(lacking_units=[{"code": "566009", "name": "缺报单位"}]),
    "P01": lists(dossiers=first(code="410802")),
    "P02": lists(dossiers=lambda records: [{**records[0], "code": records[1]["code"]}, *records[1:]]),
    "P03": lists(dossiers=first(basis=" ")),
    "P04": lists(dossiers=lambda records: [{**records[0], "costs": records[0]["costs"] + 1}, *records[1:]]),
    "P05": lists(dossiers=first(is_withheld=True, withheld_reason="")),
    "P06": lists(dossiers=lambda records: [{**one, "is_withheld": at == 0} for at, one in enumerate(records)]),
    "Y01": lists(dossiers=first(spent_before_fen=101)),
    "Y02": lists(dossiers=first(spent_before_fen=99)),
    "Y03": lists(dossiers=first(start_year=2021, end_year=2023)),
    "Y04": Case(
        words(TWELVE, "item", "name", "市财预〔2023〕5号关于下达资金的通知").fault,
        words(TWELVE, "item", "name", BY_NUMBER).fault,
    ),
    "G01": lists(project_goals=first(text=" ")),
    "G02": lists(project_indicators=at(0, level_1="产出指标")),
    "G03": lists(project_indicators=at(3, level_1="产出指标")),
    "G04": lists(project_indicators=at(1, value="完成", operator="定性")),
    "G05": lists(project_indicators=at(2, value="及时")),
    "G06": lists(project_indicators=at(1, operator="")),
    "G07": lists(department_indicators=each(explanation="完成率=完成数/总数×100%")),
    "G08": lists(project_indicators=first(weight="20.01")),
    "G09": lists(project_indicators=_same_indicators),
    "G10": lists(project_indicators=first(name="名" * 31)),
    "G11": lists(project_indicators=lambda records: [{**records[0], "weight": "0"}, *records]),
    "G12": lists(department_indicators=lambda records: [one for one in records if one["name"] != template()[0]]),
    "G13": lists(department_goals=[]),
    "G14": lists(department_indicators=lambda records: [one for one in records if one["level_1"] != "产出指标"]),
    "G15": lists(
        project_indicators=lambda records: [
            {**one, "value": "较好"} if one["level_1"] == "产出指标" else one for one in records
        ]
    ),
}
CASES |= {
    "X23": said("涉及项目8个。"),
    "T01": said("比上年增加0.00万元，增长0%。"),
    "T02": said("比上年增加1.00万元，下降2.00%。"),
    "T03": said("比上年增长2.5。"),
    "T04": said("职责待填写。"),
    "T05": said("人员经费1.00万元，主要包括：津贴补贴。"),
    "T06": said("项目绩效有成本指标和产出指标。"),
    "T07": said("没有使用国有资本经营预算拨款安排的支出。"),
    "T08": said("四、农林水支出（类）：反映政府农林水事务支出。", "第三部分 四"),
    "T10": said("四、社会保障和就业支出：政府预算第八大类。", "第三部分 四"),
    "T09": said("依据焦财预[2023]290号批复。"),
}
UNLIKE = {"D05"}  # what passes is that there is nothing to say


# two values on either side of the edge: the first passes, the second fails
EDGES: dict[str, tuple[Case, Case]] = {
    "L14": (lists(checked_lines=line(fen=2 * HUNDREDTH)), lists(checked_lines=line(fen=2 * HUNDREDTH - 1))),
    "L15": (lists(estimates=each(spent=300)), lists(estimates=each(spent=301))),
    "C01": (lists(control_numbers=each(limit=193_000_000)), lists(control_numbers=each(limit=192_999_999))),
    "F03": (lists(staffing=each(in_office=17)), lists(staffing=each(in_office=18))),
    "F10": (lists(execution=first(paid=300)), lists(execution=first(paid=301))),
    "F11": (
        lists(execution=lambda records: [*records[:2], {**records[2], "adjusted": 500, "paid": 400}]),
        lists(execution=lambda records: [*records[:2], {**records[2], "adjusted": 501, "paid": 400}]),
    ),
    "Y01": (lists(dossiers=first(spent_before_fen=100)), lists(dossiers=first(spent_before_fen=101))),
    "Y02": (lists(dossiers=first(spent_before_fen=100)), lists(dossiers=first(spent_before_fen=99))),
    "G08": (lists(project_indicators=each(weight="20.00")), lists(project_indicators=first(weight="19.99"))),
    "G10": (lists(project_indicators=first(name="名" * 30)), lists(project_indicators=first(name="名" * 31))),
}


def _cell(matter: Matter, table: str):
    grid = matter.grid(table)
    row = next(row for row in grid.rows if row.kind == "item")
    return table, row.key, "name"


__all__ = ["CASES", "EDGES", "UNIT", "UNLIKE"]
