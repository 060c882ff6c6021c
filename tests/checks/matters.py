"""Matters without a database: the reference budget with every record that a rule looks at, well in every way.

`changed(matter, …)` gives another one: a cell planted, records replaced, a fault in one place.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import cache

from budget.checking import matter_of
from budget.reporting import rules
from budget.reporting.matter import Cell, Matter, row_key
from budget.reporting.rules import Outcome, Severity, Tally
from budget.reporting.truths import Moved
from performance.rules import template
from publication.sets.henan_jiaozuo_2024 import HENAN_JIAOZUO_2024
from publication.text_rules import KnownTables, PlacedText
from tests.plain_books import NAMES, UNIT, book_of, reference

HUNDREDTH = 10_000  # 0.01 万元 in 分


def _plain():
    """The reference, its projects under names that no rule speaks of and with lines wholly coded."""
    plain = reference()
    names = {}
    for at, (uid, item) in enumerate(plain.items.items()):
        name = f"科技创新项目{at}" if item["category"] in ("22", "3") else item["name"]
        names[uid] = {**item, "name": name}
    lines = tuple(
        {**line, "economic": "30299", "government": "50299"} if line["economic"] == "00000" else line
        for line in plain.lines
    )
    lines = tuple(
        {**line, "function": "2080506"} if (line["function"], line["economic"]) == ("2080599", "30109") else line
        for line in lines
    )
    return replace(plain, items=names, lines=lines)


def _line_records(plain) -> list[dict]:
    return [
        {
            **{
                name: line[name]
                for name in ("item", "function", "economic", "government", "fund", "carried_over", "fen")
            },
            "unit": UNIT,
            "category": line["category"],
            "name": plain.items[line["item"]]["name"],
            "nature": "事业" if line["government"].startswith("505") else "行政",
        }
        for line in plain.lines
    ]


@cache
def base() -> Matter:
    """A matter with which every rule passes that has something to look at."""
    return matter_from(_plain())


def with_lines(change: Callable[[tuple[dict, ...]], Iterable[dict]]) -> Matter:
    """The base with other lines, every table and record drawn from them."""
    plain = _plain()
    return matter_from(replace(plain, lines=tuple(change(plain.lines))))


def matter_from(plain) -> Matter:
    lines = _line_records(plain)
    projects = {uid: item for uid, item in plain.items.items() if item["category"] in ("22", "3")}
    indicators = [_indicator(uid, item, *one) for uid, item in projects.items() for one in INDICATORS]
    book = book_of(plain, HENAN_JIAOZUO_2024)
    money = {}
    for line in lines:
        money[line["item"]] = money.get(line["item"], 0) + line["fen"]
    used = {(name, line[name]) for line in lines for name in ("function", "economic", "government", "fund")}
    lists = {
        **book.lists,
        "department_indicators": [
            *(
                {"level_1": "投入管理指标", "level_2": "", "name": name, "value": "≥90%", "explanation": name}
                for name in template()
            ),
            {"level_1": "产出指标", "level_2": "", "name": "办结件数", "value": "≥10件", "explanation": "办结"},
            {"level_1": "效益指标", "level_2": "", "name": "群众满意", "value": "良好", "explanation": "满意"},
        ],
        "checked_lines": lines,
        "checked_items": [
            {"item": uid, **item, "nature": "行政", "fen": money[uid]} for uid, item in plain.items.items()
        ],
        "code_facts": [
            {
                "dimension": name,
                "code": code,
                "name": code,
                "is_leaf": True,
                "is_unspecified": False,
                "is_of_edition": True,
            }
            for name, code in sorted(used)
        ],
        "pairs": sorted_pairs(lines),
        "campaign": [
            {
                "pair_severity": "error",
                "allow_unspecified_economic": False,
                "allow_unspecified_function": False,
                "entry_step": HUNDREDTH,
                "reason_percent": 10,
                "reason_fen": 5_000_000,
                "due": date(2024, 1, 15),
                "today": date(2024, 1, 10),
                "drafts": 1,
            }
        ],
        "draft_rows": [{"unit": UNIT, "count": 0}],
        "duties": [{"unit": UNIT, "count": 3}],
        "staffing": [
            {
                "unit": UNIT,
                "is_filled": True,
                **{"established": 17, "administrative": 7, "institution": 8, "worker": 2, "in_office": 16},
            }
        ],
        "assets": [
            {"unit": UNIT, "kind": "vehicles", "fen": 0, "number": 0},
            {"unit": UNIT, "kind": "vehicles_general", "fen": 0, "number": 0},
        ],
        "execution": [
            {"unit": UNIT, "uid": kind, "kind": kind, "adjusted": adjusted, "paid": paid}
            for kind, adjusted, paid in (("basic", 300, 300), ("project", 200, 100), ("reception", 50, 40))
        ],
        "procurement": [{"unit": UNIT, "listed": 500, "flagged": 500}],
        "text": [
            {
                "paragraphs": [
                    PlacedText(
                        "第二部分 一",
                        "人员经费1.00万元，主要包括：基本工资。涉及项目7个。有产出指标，没有使用政府性基金预算拨款。",
                    )
                ],
                "known": KnownTables(
                    lists={"人员经费": ("基本工资",)},
                    projects=7,
                    indicator_kinds=frozenset({"产出指标"}),
                    empty_funds={"政府性基金": True, "国有资本经营": False},
                    class_names=frozenset({"社会保障和就业支出"}),
                    used_classes=frozenset({"社会保障和就业支出"}),
                ),
            }
        ],
        "transfers": [{"unit": UNIT, "uid": "t", "name": "专项", "fen": 100}],
        "estimates": [{"unit": UNIT, "fund": "31", "carried_over": False, "estimated": 300, "spent": 300}],
        "control_numbers": [
            {
                "unit": UNIT,
                "units": (UNIT,),
                **{"label": "项目支出", "kind": "project", "fund": "11", "limit": 193_000_000, "mode": "stop"},
            }
        ],
        "lacking_units": [],
        "standing": [{"words": "未公开", "clock": "还有 3 天公开", "is_late": False}],
        "compared": [Moved("总计", ("expenditure", "total", "total"), 300, 200, "total", "项目增加"), *_three_public()],
        "printed_zeros": [{"table": "expenditure", "zeros": 0, "blanks": 9, "row": "", "column": ""}],
        "project_goals": [
            {"item": uid, "unit": UNIT, "name": item["name"], "text": "完成任务"} for uid, item in projects.items()
        ],
        "project_indicators": indicators,
        "dossiers": [
            {
                "item": uid,
                "unit": UNIT,
                "name": item["name"],
                "code": item["code"],
                "category": item["category"],
                "fen": money[uid],
                "costs": money[uid] * 100,
                "has_dossier": True,
                "is_withheld": at < 2,
                "public_name": "项目",
                "withheld_reason": "依法",
                "overview": "概述",
                "basis": "依据",
                "start_year": 2023,
                "end_year": 2024,
                "total_amount_fen": money[uid] + 100,
                "spent_before_fen": 100,
            }
            for at, (uid, item) in enumerate(sorted(projects.items(), key=lambda one: one[1]["category"]))
        ],
    }
    book = replace(book, lists=lists)
    whole = matter_of(book)
    for placed in book.table_set.tables:
        whole.grid(placed.table)
    names = {name: {code: word for code, word in codes.items()} for name, codes in NAMES.items()}
    return Matter(whole.table_set, whole.year, dict(whole._grids).get, lists, names)


INDICATORS = (
    ("成本指标", "项目成本", "≤", "10", "万元"),
    ("产出指标", "完成数量", "≥", "10", "件"),
    ("产出指标", "按时完成率", "≥", "95", "%"),
    ("效益指标", "改善服务", "定性", "明显改善", ""),
    ("满意度指标", "企业满意度", "≥", "90", "%"),
)


def _indicator(uid: str, item: dict, level: str, name: str, operator: str, target: str, measure: str) -> dict:
    sign = "" if operator == "定性" else operator
    return {
        "item": uid,
        "project": item["name"],
        "unit": UNIT,
        "level_1": level,
        "level_2": "",
        "name": f"{name}{item['name'][-2:] if level == '成本指标' else ''}",
        "operator": operator,
        "target": target,
        "measure": measure,
        "value": f"{sign}{target}{measure}",
        "explanation": "",
        "weight": "20",
        "uid": f"{uid}/{name}",
    }


def _three_public() -> list[Moved]:
    cells = (("total", 300), ("abroad", 0), ("vehicles.purchase", 0), ("vehicles.running", 100), ("reception", 200))
    return [Moved(name, ("three_public", "total", name), fen, fen, "", "") for name, fen in cells]


def sorted_pairs(lines: list[dict]) -> list[dict]:
    found = sorted({(line["nature"], line["economic"], line["government"]) for line in lines})
    return [dict(zip(("nature", "economic", "government"), one, strict=True)) for one in found]


# ---- others


def with_grids(matter: Matter, grids: dict) -> Matter:
    """The matter with other Grids in place of its own (None: the table is not there)."""
    return replace(matter, get=lambda key: grids[key] if key in grids else matter.get(key))


def with_lists(matter: Matter, **lists) -> Matter:
    """The matter with other records; a function is given the records that there are."""
    found = {name: value(matter.lists[name]) if callable(value) else value for name, value in lists.items()}
    return replace(matter, lists={**matter.lists, **found})


def planted(matter: Matter, cell: Cell, change: int | str | Callable) -> Matter:
    """The matter with a figure changed by so many 分 (or a word replaced)."""
    table, row, column = cell
    key, _, section = table.partition(".")
    grid = matter.get(key)
    if section:
        sections = tuple(
            replace(one, grid=_with_cell(one.grid, row, column, change)) if one.grid.key == section else one
            for one in grid.sections
        )
        changed = replace(grid, sections=sections, _by_key={})
    else:
        changed = _with_cell(grid, row, column, change)
    return with_grids(matter, {key: changed})


def _with_cell(grid, row: str, column: str, change):
    at, rows, done = grid.column_at(column), [], False
    half = grid.columns[at].half
    for one in grid.rows:
        if not done and row_key(one, half) == row:
            cells = list(one.cells)
            cells[at] = change if isinstance(change, str) else (cells[at] or 0) + change
            one, done = one._replace(cells=tuple(cells)), True
        rows.append(one)
    assert done, f"{grid.key} has no row {row}"
    return replace(grid, rows=tuple(rows), _by_key={})


def outcome(matter: Matter, rule_id: str) -> Outcome:
    return rules.examine(rules.catalogue()[rule_id], matter)


def fired(matter: Matter, severity: Severity = Severity.ERROR) -> set[str]:
    """The ids of the rules that find something of that severity."""
    return {one.rule.id for one in rules.run(matter) for found in one.findings if found.severity is severity}


def pairs_of(rule_id: str, matter: Matter) -> list[tuple[tuple[Cell, ...], tuple[Cell, ...]]]:
    """What a rule holds against what: (left cells, right cells)."""
    tally = Tally(pairs=[])
    rules.examine(rules.catalogue()[rule_id], matter, tally)
    return [pair for pair in tally.pairs if pair[0] or pair[1]]


def every_cell(matter: Matter, tables: Iterable[str]):
    """Every printed figure: (table, row, column)."""
    for key in tables:
        grid = matter.grid(key)
        for row in grid.rows:
            for column, value in zip(grid.columns, row.cells, strict=True):
                if column.is_money and isinstance(value, int) and value:
                    yield key, row_key(row, column.half), column.key
