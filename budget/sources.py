"""What the rules look at beside the tables: lines with their places, items, codes, facts. Each is read once a book."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from operator import attrgetter, itemgetter

from django.utils import timezone

from .books import Reading, reads
from .models import ControlNumber, Execution
from .reporting import money, registry
from .reporting.columns import Columns
from .reporting.rules import named
from .sql import CLASSIFICATIONS, rows_planned_once, text_of

registry.records(
    "checked_lines",
    *("item", "name", "unit", "category", "nature"),
    *("function", "economic", "government", "fund", "carried_over", "fen"),
)
registry.records("checked_items", "item", "unit", "category", "nature", "code", "name", "fen")
registry.records("code_facts", "dimension", "code", "name", "is_leaf", "is_unspecified", "is_of_edition")
registry.records("pairs", "nature", "economic", "government")
registry.records(
    "campaign",
    "pair_severity",
    "allow_unspecified_economic",
    "allow_unspecified_function",
    "entry_step",
    "reason_percent",
    "reason_fen",
    "due",
    "today",
)
registry.records("draft_rows", "unit", "count")
registry.records("staffing", "unit", "is_filled")
registry.records("assets", "unit", "kind", "fen", "number")
registry.records("procurement", "unit", "listed", "flagged")
registry.records("execution", "unit", "uid", "kind", "adjusted", "paid")
registry.records("transfers", "unit", "uid", "name", "fen")
registry.records("duties", "unit", "count")
registry.records("estimates", "unit", "fund", "carried_over", "estimated", "spent")
registry.records("lacking_units", "code", "name")
registry.records("control_numbers", "unit", "units", "label", "kind", "fund", "limit", "mode")
registry.records("reasons", "unit", "topic", "text")
registry.records("explanations", "unit", "rule", "subject", "digest", "reason", "by")
registry.records("year_before")
registry.records("standing", "words", "clock", "is_late")  # of the publication: worked out when the book is checked
registry.records("compared")  # Moved: worked out when the book is checked, last year's figures beside this year's
registry.records("printed_zeros", "table", "zeros", "blanks", "row", "column")  # of documents only

for _source, _words in {
    "checked_lines": "预算明细",
    "checked_items": "项目",
    "code_facts": "明细所用的科目",
    "pairs": "经济分类对照表",
    "campaign": "编制设置",
    "draft_rows": "录入中的明细",
    "staffing": "人员情况",
    "assets": "国有资产占用情况",
    "execution": "上年预算执行情况",
    "procurement": "政府采购清单",
    "transfers": "专项转移支付清单",
    "duties": "主要职责",
    "estimates": "收入测算",
    "lacking_units": "所属单位名单",
    "control_numbers": "下达控制数",
    "compared": "上年数",
    "standing": "批复的预算（批复后才公开）",
    "printed_zeros": "读入的文件（本系统印出的表不印0）",
}.items():
    named(_source, _words)


@reads("checked_lines")
def checked_lines(reading: Reading) -> Columns:
    """Every line as a record; the keys of a line are its item and its dimensions. Fields are made when asked for."""
    dimensions, rows = reading.source("lines")
    fields = dict(zip((*dimensions, "fen"), zip(*rows, strict=True), strict=True)) if rows else {}
    places = (*dimensions, "fen")

    def field(name: str) -> Sequence:
        if name in places:
            return fields.get(name, ())
        value = attrgetter(OF_ITEM[name])
        of_item = dict(zip(reading.items, map(value, reading.items.values()), strict=True))
        return list(map(of_item.__getitem__, map(itemgetter(0), reading.lines)))  # in the order of the facts

    return Columns((*places, *OF_ITEM), len(rows), field)


OF_ITEM = {"item": "uid", "name": "name", "nature": "nature"}  # field of a line → of its item


@reads("checked_items")
def checked_items(reading: Reading) -> list[dict]:
    sums: dict[str, int] = defaultdict(int)
    of_items, units = reading.source("items"), reading.units
    at = of_items.dimensions.index("item")
    for row in of_items.rows:
        sums[row[at]] += row[-1]
    return [
        {
            "item": uid,
            "unit": units[budget][1],
            "category": category,
            "nature": nature,
            "code": code,
            "name": name,
            "fen": sums.get(uid, 0),
        }
        for _, uid, budget, category, code, name, _, nature in reading.items.values()
    ]


@reads("code_facts")
def code_facts(reading: Reading) -> list[dict]:
    """What the edition says of every code that a line stands on."""
    edition = reading.selection.campaign.edition_id
    at = list(CLASSIFICATIONS).index("function") + 1
    used = {line[at] for line in reading.lines}  # of the functional codes those above them are read too
    return [
        {
            "dimension": dimension,
            "code": code.code,
            "name": code.name,
            "is_leaf": code.is_leaf,
            "is_unspecified": code.is_unspecified,
            "is_of_edition": code.edition == edition,
        }
        for dimension, codes in reading.codes.items()
        for code in codes.values()
        if dimension != "function" or code.id in used
    ]


# ---- small facts, in one query: kind, budget, four texts, five numbers

SMALL = {
    "draft_rows": ("budget_draftrow", "GROUP BY budget_id", {"n1": "COUNT(*)"}),
    "duties": ("budget_duty", "GROUP BY budget_id", {"n1": "COUNT(*)"}),
    "staffing": (
        "budget_staffing",
        "",
        {"n1": "established", "n2": "administrative", "n3": "institution", "n4": "worker", "n5": "in_office"},
    ),
    "assets": ("budget_assetholding", "", {"t1": "kind", "n1": "value_fen", "n2": "number"}),
    "listed": ("budget_procurementline", "GROUP BY budget_id", {"n1": "SUM(amount_fen)"}),
    "transfers": ("budget_specialtransfer", "", {"t1": "CAST(uid AS text)", "t2": "name", "n1": "amount_fen"}),
    "reasons": ("budget_reason", "", {"t1": "topic", "t2": "text"}),
    "explanations": (
        "budget_explanation",
        "",
        {
            "t1": "rule",
            "t2": "subject",
            "t3": "digest",
            "t4": "reason",
            "t5": "(SELECT u.name FROM organisation_user u WHERE u.id = by_id)",
        },
    ),
}
TEXTS, NUMBERS = ("t1", "t2", "t3", "t4", "t5"), ("n1", "n2", "n3", "n4", "n5")


def _select(kind: str, budget: str, table: str, rest: str, columns: dict[str, str]) -> str:
    texts = ", ".join(f"CAST({columns.get(name, 'NULL')} AS text)" for name in TEXTS)
    numbers = ", ".join(f"CAST({columns.get(name, 'NULL')} AS bigint)" for name in NUMBERS)
    return f"SELECT '{kind}', {budget}, {texts}, {numbers} FROM {table} {rest}"


SMALL_FACTS = " UNION ALL ".join(
    [
        *(
            _select(kind, "budget_id", table, f"WHERE budget_id IN {{}} {group}", columns)
            for kind, (table, group, columns) in SMALL.items()
        ),
        _select(
            "flagged",
            "i.budget_id",
            "budget_line l JOIN budget_item i ON i.id = l.item_id",
            "WHERE l.is_procurement AND i.budget_id IN {} GROUP BY i.budget_id",
            {"n1": "SUM(l.amount_fen)"},
        ),
        _select(
            "pairs",
            "0",
            """budget_economicpair p JOIN budget_departmenteconomicclass e ON e.id = p.economic_id
            JOIN budget_governmenteconomicclass g ON g.id = p.government_id""",
            "WHERE p.edition_id IN {}",
            {"t1": "p.nature", "t2": "e.code", "t3": "g.code"},
        ),
        _select("stages", "0", "budget_campaignstage", "WHERE campaign_id IN {}", {"t1": "code", "t2": "due"}),
        _select(
            "year_before",
            "0",
            "budget_campaign c",
            "WHERE c.year IN {} AND EXISTS (SELECT 1 FROM budget_budget b WHERE b.campaign_id = c.id)",
            {"n1": "c.year"},
        ),
        _select(
            "controls",
            "0",
            """budget_controlnumber c JOIN budget_campaignstage s ON s.id = c.stage_id
            JOIN organisation_unit u ON u.id = c.unit_id""",
            "WHERE s.campaign_id IN {} AND c.unit_id IN {}",
            {"t1": "s.code", "t2": "u.path", "t3": "u.name", "t4": "c.kind", "t5": "c.fund", "n1": "c.amount_fen"},
        ),
    ]
)


@reads("small_facts")
def small_facts(reading: Reading) -> dict[str, list[tuple]]:
    """By kind (kind, budget, texts, numbers) of all that is a row or a few of each budget; pairs of the edition too."""
    selection = reading.selection
    units = {selection.organisation.pk, *(budget.unit_id for budget in reading.budgets)}
    ids = [reading.ids] * (len(SMALL) + 1)
    year = selection.campaign
    years = [year.edition_id], [year.pk], [year.year - 1], [year.pk]
    found: dict[str, list[tuple]] = defaultdict(list)
    for row in rows_planned_once("small_facts", SMALL_FACTS, *ids, *years, units):
        found[row[0]].append(row)
    return found


def _small(reading: Reading, kind: str) -> list[tuple]:
    """(unit, texts, numbers) of one kind."""
    found = reading.source("small_facts").get(kind, ())
    return [(reading.units[row[1]][1] if row[1] else "", row[2:7], row[7:]) for row in found]


def _each_unit(reading: Reading) -> list[str]:
    return [code for _, code in reading.units.values()]


def _counted(reading: Reading, kind: str) -> list[dict]:
    """A record a unit: how many rows of that kind it has."""
    found = {unit: numbers[0] for unit, _, numbers in _small(reading, kind)}
    return [{"unit": code, "count": found.get(code, 0)} for code in _each_unit(reading)]


@reads("pairs")
def pairs(reading: Reading) -> list[dict]:
    found = [texts[:3] for _, texts, _ in _small(reading, "pairs")]
    return [
        {"nature": nature, "economic": economic, "government": government} for nature, economic, government in found
    ]


@reads("campaign")
def campaign(reading: Reading) -> list[dict]:
    year, stage = reading.selection.campaign, reading.selection.stage
    due = next((texts[1] for _, texts, _ in _small(reading, "stages") if texts[0] == stage), None)
    return [
        {
            "pair_severity": year.pair_severity,
            "allow_unspecified_economic": year.allow_unspecified_economic,
            "allow_unspecified_function": year.allow_unspecified_function,
            "entry_step": year.entry_step,
            "reason_percent": year.reason_percent,
            "reason_fen": money.fen(year.reason_amount),
            "due": date.fromisoformat(due) if due else None,
            "today": timezone.localdate(),
            "drafts": sum(budget.is_draft for budget in reading.budgets),
        }
    ]


@reads("draft_rows")
def draft_rows(reading: Reading) -> list[dict]:
    return _counted(reading, "draft_rows")


@reads("duties")
def duties(reading: Reading) -> list[dict]:
    return _counted(reading, "duties")


STAFFING = ("established", "administrative", "institution", "worker", "in_office")


@reads("staffing")
def staffing(reading: Reading) -> list[dict]:
    found = {unit: dict(zip(STAFFING, numbers, strict=True)) for unit, _, numbers in _small(reading, "staffing")}
    return [
        {"unit": code, "is_filled": code in found, **dict.fromkeys(STAFFING), **found.get(code, {})}
        for code in _each_unit(reading)
    ]


@reads("assets")
def assets(reading: Reading) -> list[dict]:
    return [
        {"unit": unit, "kind": texts[0], "fen": numbers[0], "number": numbers[1]}
        for unit, texts, numbers in _small(reading, "assets")
    ]


@reads("execution")
def execution(reading: Reading) -> list[dict]:
    """What each unit says was paid last year (分), in the order of the units and of the kinds."""
    order = {kind: at for at, kind in enumerate(Execution.Kind.values)}
    place = {budget: at for at, budget in enumerate(reading.units)}
    names = ("uid", "kind", "adjusted", "paid")
    found = sorted(reading.typed.execution, key=lambda row: (place[row[0]], order[row[2]]))
    return [{"unit": reading.units[budget][1], **dict(zip(names, rest, strict=True))} for budget, *rest in found]


@reads("procurement")
def procurement(reading: Reading) -> list[dict]:
    """A record a unit: the procurement it lists, and the lines it flags as such (分)."""
    listed, flagged = (
        {unit: numbers[0] for unit, _, numbers in _small(reading, kind)} for kind in ("listed", "flagged")
    )
    return [
        {"unit": code, "listed": listed.get(code, 0), "flagged": flagged.get(code, 0)} for code in _each_unit(reading)
    ]


@reads("transfers")
def transfers(reading: Reading) -> list[dict]:
    return [
        {"unit": unit, "uid": text_of(texts[0]), "name": texts[1], "fen": numbers[0]}
        for unit, texts, numbers in _small(reading, "transfers")
    ]


@reads("reasons")
def reasons(reading: Reading) -> list[dict]:
    return [{"unit": unit, "topic": texts[0], "text": texts[1]} for unit, texts, _ in _small(reading, "reasons")]


@reads("year_before")
def year_before(reading: Reading) -> list[int]:
    """The year before, if anybody has a budget of it: without one, nobody need look for it."""
    return [numbers[0] for _, _, numbers in _small(reading, "year_before")]


@reads("explanations")
def explanations(reading: Reading) -> list[dict]:
    """What was said of findings: by unit, rule and subject, for figures of that digest."""
    names = ("rule", "subject", "digest", "reason", "by")
    return [
        {"unit": unit, **dict(zip(names, texts, strict=True))} for unit, texts, _ in _small(reading, "explanations")
    ]


@reads("estimates")
def estimates(reading: Reading) -> list[dict]:
    if not reading.estimates:
        return []
    spent: dict[tuple, int] = defaultdict(int)
    lines = reading.source("checked_lines").fields
    for *key, fen in zip(*(lines[name] for name in ("unit", "fund", "carried_over", "fen")), strict=True):
        spent[tuple(key)] += fen
    found = [(reading.units[budget][1], fund, bool(over), fen) for budget, fund, over, fen in reading.estimates]
    return [
        {"unit": unit, "fund": fund, "carried_over": over, "estimated": fen, "spent": spent[unit, fund, over]}
        for unit, fund, over, fen in found
    ]


@reads("control_numbers")
def control_numbers(reading: Reading) -> list[dict]:
    """The numbers of the organisation and of each unit below it; `units`: whose lines they count, `limit` in 分."""
    found = []
    for _, (stage, path, name, kind, fund), (limit, *_) in _small(reading, "controls"):
        below = tuple(one.unit.code for one in reading.budgets if one.unit.path.startswith(path))
        if stage != reading.selection.stage or not below:
            continue
        scope = ControlNumber(kind=kind, fund=fund).scope
        found.append(
            {
                "unit": path.rstrip("/").rpartition("/")[2],
                "units": below,
                "label": scope if len(reading.budgets) == 1 else f"{name}{scope}",
                "kind": kind,
                "fund": fund or (ControlNumber.Fund.GENERAL.value if kind == ControlNumber.Kind.THREE_PUBLIC else ""),
                "limit": limit,
                "mode": reading.selection.campaign.control_mode,
            }
        )
    return found


@reads("lacking_units")
def lacking_units(reading: Reading) -> list[dict]:
    return [{"code": unit.code, "name": unit.name} for unit in reading.selection.lacking]
