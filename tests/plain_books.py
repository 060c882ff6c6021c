"""Budgets as plain dictionaries, and Books made of them without a database: of the golden lines, or by chance."""

import csv
import json
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from hypothesis import strategies as st

from budget.books import carried_out
from budget.reporting import registry
from budget.reporting.book import Book, Facts
from budget.reporting.spec import Member

ROOT = Path(__file__).parents[1]
DATA, GOLDEN = ROOT / "budget" / "data" / "2024", ROOT / "tests" / "golden"

NOT_CODED = "未细化"
CATEGORIES = {"1": "人员类", "21": "公用经费", "22": "其他运转类", "3": "特定目标类"}
DEPARTMENT, UNIT, NAME = "566", "566001", "焦作市解放区科技和工业信息化局"


def rows_of(path: Path) -> list[dict]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _names(file: str, *unspecified: str) -> dict[str, str]:
    return {row["code"]: row["name"] for row in rows_of(DATA / file)} | dict.fromkeys(unspecified, NOT_CODED)


NAMES = {
    "function": _names("functional.csv", "000", "00000", "0000000"),
    "economic": _names("department_economic.csv", "00000"),
    "government": _names("government_economic.csv", "00000"),
}
FUNCTIONS = [code for code in NAMES["function"] if len(code) == 7]
ECONOMICS = [code for code in NAMES["economic"] if len(code) == 5]
GOVERNMENTS = [code for code in NAMES["government"] if len(code) == 5]
FUND = ("fund", "carried_over", "fen")
FUNDS = ["11111", "11112", "121", "131", "2", "31", "32", "33", "34", "39"]


@dataclass(frozen=True)
class Plain:
    """A department's (or a unit's) budgets in words and numbers: what the engine and the oracle both start from.

    `lines`: dictionaries of unit, category, item, function, economic, government, fund, carried_over, fen;
    `items`: uid → unit, category, name, code, in print order; `estimates`: of unit, fund, carried_over, fen.
    """

    lines: tuple[dict, ...]
    items: dict[str, dict]
    units: dict[str, str]
    estimates: tuple[dict, ...] = ()
    indicators: tuple[dict, ...] = ()
    lists: dict[str, list] = field(default_factory=dict)
    name: str = NAME
    is_department: bool = True

    def times(self, factor: int) -> "Plain":
        """The same budgets with every amount multiplied."""
        return replace(self, lines=_times(self.lines, factor), estimates=_times(self.estimates, factor))


def _times(rows, factor):
    return tuple({**row, "fen": row["fen"] * factor} for row in rows)


def book_of(plain: Plain, table_set, **more) -> Book:
    """The Book of plain budgets, as `budget.books` would read it."""
    lines = [
        (DEPARTMENT, *(line[name] for name in ("unit", "category", "function", "economic", "government", *FUND)))
        for line in plain.lines
    ]
    items = [(DEPARTMENT, *(line[name] for name in ("unit", "category", "item", *FUND))) for line in plain.lines]
    spent = [(*line[:4], line[6], line[7], True, line[8]) for line in lines]
    estimated = [(DEPARTMENT, one["unit"], one["fund"], one["carried_over"], one["fen"]) for one in plain.estimates]
    rows = {"lines": lines, "items": items, "receipts": [*spent, *carried_out(spent, estimated)]}
    units = {code: Member(code, name) for code, name in plain.units.items()}
    return Book(
        table_set=table_set,
        year=2024,
        code=DEPARTMENT if plain.is_department else next(iter(plain.units)),
        name=plain.name,
        is_department=plain.is_department,
        units=tuple(units.values()),
        money={name: Facts(registry.dimensions_of(name), facts) for name, facts in rows.items()},
        lists={
            "organisation": [{"code": DEPARTMENT, "name": plain.name}],
            "department_goals": [],
            "department_tasks": [],
            "department_indicators": [],
            "project_indicators": plain.indicators,
            **plain.lists,
        },
        members={
            "department": {DEPARTMENT: Member(DEPARTMENT, plain.name)},
            "unit": units,
            "item": {
                uid: Member(
                    item["code"],
                    item["name"],
                    (position, item["code"], item["name"]),
                    {"category": CATEGORIES[item["category"]], "unit": plain.units[item["unit"]]},
                )
                for position, (uid, item) in enumerate(plain.items.items())
            },
            "function": {"": Member("", "年终结转结余", (True, "~")), **_members("function")},
            "economic": _members("economic"),
            "government": _members("government"),
        },
        **more,
    )


def _members(dimension: str) -> dict[str, Member]:
    return {
        code: Member(code, name, (name == NOT_CODED, code), {"unspecified": "1"} if name == NOT_CODED else {})
        for code, name in NAMES[dimension].items()
    }


# ---- the reference


def reference(lines: list[dict] | None = None) -> Plain:
    """The golden lines of 566001 (or these instead, in the same columns) with their goals and indicators."""
    categories = {name: code for code, name in CATEGORIES.items()}
    items, found = {}, []
    for row in lines or rows_of(GOLDEN / "lines.csv"):
        category = categories[row["category"]]
        uid = f"{category}:{row['item']}"
        items[uid] = {"unit": UNIT, "category": category, "name": row["item"], "code": row["project_code"]}
        found.append(
            {
                "unit": UNIT,
                "category": category,
                "item": uid,
                "function": row["function"],
                "economic": row["dept_economic"] or "00000",
                "government": row["gov_economic"] or "00000",
                "fund": {"一般公共预算": "11111"}[row["fund"]],
                "carried_over": False,
                "fen": int(Decimal(row["amount"]) * 1_000_000),
            }
        )
    uids = {item["code"]: uid for uid, item in items.items()}
    goals = json.loads((GOLDEN / "department_goals.json").read_text(encoding="utf-8"))
    indicators = rows_of(GOLDEN / "department_indicators.csv")
    return Plain(
        lines=tuple(found),
        items=items,
        units={UNIT: NAME},
        indicators=tuple(
            {"item": uids[row["project_code"]], **row, "value": row["published"], "explanation": ""}
            for row in rows_of(GOLDEN / "project_indicators.csv")
        ),
        lists={
            "department_goals": [{"uid": at, "text": text} for at, text in enumerate(goals["annual_goals"])],
            "department_tasks": [{"uid": at, **task} for at, task in enumerate(goals["tasks"])],
            "department_indicators": [{**row, "value": row["published"]} for row in indicators],
        },
    )


# ---- chance

_UNITS = {"566001": "局机关", "566002": "科技馆", "566003": "服务中心"}
_LEVELS = ("成本指标", "产出指标", "效益指标", "满意度指标")
_functions = st.one_of(
    st.sampled_from(["2060101", "2060199", "2080505", "2120801", "2120104", "0000000"]), st.sampled_from(FUNCTIONS)
)
_printed = [code for code in ECONOMICS if code[:3] in ("301", "302", "303", "310")]
_economics = st.one_of(
    st.sampled_from(["30101", "30201", "30217", "30231", "30239", "30212", "31013", "30301", "31204", "00000"]),
    st.sampled_from(_printed),
    st.sampled_from(ECONOMICS),
)
_governments = st.one_of(st.sampled_from(["50101", "50201", "00000"]), st.sampled_from(GOVERNMENTS))
_funds = st.one_of(st.just("11111"), st.sampled_from(FUNDS))
_fen = st.one_of(st.integers(1, 500).map(lambda n: n * 10_000), st.integers(1, 10**12))


@st.composite
def budgets(draw, *, fitting: bool = False, tidy: bool = False):
    """Budgets of one to three units.

    `fitting`: every line has a column and a row in every table; `tidy`: no fund is spent beyond its income.
    """
    units = dict(list(_UNITS.items())[: draw(st.integers(1, 3))])
    is_department = len(units) > 1 or draw(st.booleans())
    items = _items(units, draw(st.permutations(range(6))))
    names_of = {category: [uid for uid in items if items[uid]["category"] == category] for category in CATEGORIES}
    lines: dict[tuple, dict] = {}
    for _ in range(draw(st.integers(0, 14))):
        category = draw(st.sampled_from(list(CATEGORIES)))
        item = draw(st.sampled_from(names_of[category]))
        function, economic = draw(_functions), draw(_economics)
        if fitting:
            function = "2060101" if function == "0000000" else function
            economic = "30299" if category in ("1", "21") and economic not in _printed else economic
        key = {
            "unit": items[item]["unit"],
            "category": category,
            "item": item,
            "function": function,
            "economic": economic,
            "government": draw(_governments),
            "fund": draw(_funds),
            "carried_over": draw(st.booleans()),
        }
        lines[tuple(key.values())] = {**key, "fen": draw(_fen)}
    estimates = {}
    for unit in draw(st.lists(st.sampled_from(list(units)), max_size=2)):
        fund, carried_over = draw(_funds), draw(st.booleans())
        spent = sum(
            line["fen"]
            for line in lines.values()
            if (line["unit"], line["fund"], line["carried_over"]) == (unit, fund, carried_over)
        )
        fen = draw(st.integers(0, 10**9)) + spent if tidy else draw(_fen)
        estimates[unit, fund, carried_over] = {"unit": unit, "fund": fund, "carried_over": carried_over, "fen": fen}
    indicators = [
        {
            "item": item,
            "level_1": draw(st.sampled_from(_LEVELS)),
            "name": f"指标{at}",
            "value": "≥90%",
            "explanation": "",
        }
        for at, item in enumerate(draw(st.lists(st.sampled_from([*names_of["22"], *names_of["3"]]), max_size=6)))
    ]
    return Plain(
        tuple(lines.values()), items, units, tuple(estimates.values()), tuple(indicators), is_department=is_department
    )


def _items(units: dict[str, str], order) -> dict[str, dict]:
    """Six items a unit, in an order that is neither theirs by name nor by uid."""
    categories = ("3", "1", "21", "22", "3", "1")
    return {
        str(UUID(int=(at * 5) % 7 * 10**12 + int(unit))): {
            "unit": unit,
            "category": categories[at],
            "name": f"{CATEGORIES[categories[at]]}项目{at}",
            "code": f"41080224000000001{at}{unit[-3:]}" if categories[at] in ("22", "3") else "",
        }
        for at in order
        for unit in units
    }
