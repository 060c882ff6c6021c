"""What the rules look at beside the tables: lines with their places, items, codes, facts. Each is read once a book."""

from collections import defaultdict

from django.utils import timezone

from .books import Reading, reads
from .models import EconomicPair
from .reporting import registry
from .reporting.rules import named
from .sql import CLASSIFICATIONS, rows, text_of

registry.records(
    "checked_lines",
    *("item", "name", "unit", "category", "nature"),
    *("function", "economic", "government", "fund", "carried_over", "fen"),
)
registry.records("checked_items", "item", "unit", "category", "nature", "code", "name", "fen")
registry.records("code_facts", "dimension", "code", "name", "is_leaf", "is_unspecified", "is_of_edition")
registry.records("pairs", "nature", "economic", "government")
registry.records(
    "campaign", "pair_severity", "allow_unspecified_economic", "allow_unspecified_function", "entry_step", "due", "today"
)
registry.records("draft_rows", "unit", "count")
registry.records("staffing", "unit", "is_filled")
registry.records("assets", "unit", "kind", "fen", "number")
registry.records("procurement", "unit", "listed", "flagged")
registry.records("transfers", "unit", "uid", "name", "fen")
registry.records("duties", "unit", "count")
registry.records("estimates", "unit", "fund", "carried_over", "estimated", "spent")
registry.records("lacking_units", "code", "name")
registry.records("control_numbers", "unit", "label", "kind", "fund", "limit", "mode")
registry.records("compared")  # Moved: worked out when the book is checked, last year's figures beside this year's
registry.records("printed_zeros", "table", "zeros", "blanks", "row", "column")  # of documents only

for _source, _words in (
    ("control_numbers", "下达控制数"),
    ("printed_zeros", "读入的文件（本系统印出的表不印0）"),
    ("checked_lines", "预算明细"),
):
    named(_source, _words)


@reads("checked_lines")
def checked_lines(reading: Reading) -> list[dict]:
    """Every line as a record; the keys of a line are its item and its dimensions."""
    owners = {
        one.id: (one.uid, one.name, reading.units[one.budget][1], one.category, one.nature)
        for one in reading.items.values()
    }
    codes = [
        {key: row.code for key, row in reading.codes[name].items()}
        for name in ("function", "economic", "government", "fund")
    ]
    functions, economics, governments, funds = codes
    found = []
    for item, function, economic, government, fund, carried_over, fen in reading.lines:
        uid, name, unit, category, nature = owners[item]
        found.append(
            {
                "item": uid,
                "name": name,
                "unit": unit,
                "category": category,
                "nature": nature,
                "function": functions[function],
                "economic": economics[economic],
                "government": governments[government],
                "fund": funds[fund],
                "carried_over": bool(carried_over),
                "fen": fen,
            }
        )
    return found


@reads("checked_items")
def checked_items(reading: Reading) -> list[dict]:
    sums: dict[int, int] = defaultdict(int)
    for line in reading.lines:
        sums[line[0]] += line[-1]
    return [
        {
            "item": one.uid,
            "unit": reading.units[one.budget][1],
            "category": one.category,
            "nature": one.nature,
            "code": one.code,
            "name": one.name,
            "fen": sums.get(one.id, 0),
        }
        for one in reading.items.values()
    ]


@reads("code_facts")
def code_facts(reading: Reading) -> list[dict]:
    """What the edition says of every code that a line stands on."""
    edition = reading.selection.campaign.edition_id
    used = {name: {line[at] for line in reading.lines} for at, name in enumerate(CLASSIFICATIONS, start=1)}
    selects = [
        f"SELECT '{name}', code, name, is_leaf, is_unspecified, edition_id FROM {CLASSIFICATIONS[name]} WHERE id IN {{}}"
        for name in used
    ]
    return [
        {
            "dimension": dimension,
            "code": code,
            "name": name,
            "is_leaf": bool(is_leaf),
            "is_unspecified": bool(is_unspecified),
            "is_of_edition": of == edition,
        }
        for dimension, code, name, is_leaf, is_unspecified, of in rows(" UNION ALL ".join(selects), *used.values())
    ]


@reads("pairs")
def pairs(reading: Reading) -> list[dict]:
    found = EconomicPair.objects.filter(edition=reading.selection.campaign.edition_id).order_by()
    names = ("nature", "economic__code", "government__code")
    return [
        {"nature": nature, "economic": economic, "government": government}
        for nature, economic, government in found.values_list(*names)
    ]


@reads("campaign")
def campaign(reading: Reading) -> list[dict]:
    year = reading.selection.campaign
    stage = year.stages.filter(code=reading.selection.stage).values_list("due", flat=True).first()
    return [
        {
            "pair_severity": year.pair_severity,
            "allow_unspecified_economic": year.allow_unspecified_economic,
            "allow_unspecified_function": year.allow_unspecified_function,
            "entry_step": year.entry_step,
            "due": stage,
            "today": timezone.localdate(),
            "drafts": sum(budget.is_draft for budget in reading.budgets),
        }
    ]


def _of_units(reading: Reading, statement: str) -> list[tuple]:
    """Rows whose first value is a budget's id, with the unit's code instead."""
    return [(reading.units[budget][1], *rest) for budget, *rest in rows(statement, reading.ids)]


def _counted(reading: Reading, table: str) -> list[dict]:
    """A record a unit: how many rows of that table it has."""
    found = dict(_of_units(reading, f"SELECT budget_id, COUNT(*) FROM {table} WHERE budget_id IN {{}} GROUP BY budget_id"))
    return [{"unit": code, "count": found.get(code, 0)} for _, code in reading.units.values()]


@reads("draft_rows")
def draft_rows(reading: Reading) -> list[dict]:
    return _counted(reading, "budget_draftrow")


@reads("duties")
def duties(reading: Reading) -> list[dict]:
    return _counted(reading, "budget_duty")


STAFFING = ("established", "administrative", "institution", "worker", "in_office")


@reads("staffing")
def staffing(reading: Reading) -> list[dict]:
    found = {
        unit: dict(zip(STAFFING, values, strict=True))
        for unit, *values in _of_units(
            reading, f"SELECT budget_id, {', '.join(STAFFING)} FROM budget_staffing WHERE budget_id IN {{}}"
        )
    }
    return [
        {"unit": code, "is_filled": code in found, **dict.fromkeys(STAFFING), **found.get(code, {})}
        for _, code in reading.units.values()
    ]


@reads("assets")
def assets(reading: Reading) -> list[dict]:
    found = _of_units(reading, "SELECT budget_id, kind, value_fen, number FROM budget_assetholding WHERE budget_id IN {}")
    return [{"unit": unit, "kind": kind, "fen": fen, "number": number} for unit, kind, fen, number in found]


@reads("procurement")
def procurement(reading: Reading) -> list[dict]:
    """A record a unit: the procurement it lists, and the lines it flags as such (分)."""
    listed = dict(
        _of_units(
            reading, "SELECT budget_id, SUM(amount_fen) FROM budget_procurementline WHERE budget_id IN {} GROUP BY budget_id"
        )
    )
    flagged = dict(
        _of_units(
            reading,
            """SELECT i.budget_id, SUM(l.amount_fen) FROM budget_line l JOIN budget_item i ON i.id = l.item_id
            WHERE l.is_procurement AND i.budget_id IN {} GROUP BY i.budget_id""",
        )
    )
    return [
        {"unit": code, "listed": int(listed.get(code, 0)), "flagged": int(flagged.get(code, 0))}
        for _, code in reading.units.values()
    ]


@reads("transfers")
def transfers(reading: Reading) -> list[dict]:
    found = _of_units(
        reading, "SELECT budget_id, CAST(uid AS text), name, amount_fen FROM budget_specialtransfer WHERE budget_id IN {}"
    )
    return [{"unit": unit, "uid": text_of(uid), "name": name, "fen": fen} for unit, uid, name, fen in found]


@reads("estimates")
def estimates(reading: Reading) -> list[dict]:
    spent: dict[tuple, int] = defaultdict(int)
    for line in reading.source("checked_lines"):
        spent[line["unit"], line["fund"], line["carried_over"]] += line["fen"]
    found = _of_units(
        reading,
        """SELECT e.budget_id, f.code, f.name, e.carried_over, e.amount_fen FROM budget_incomeestimate e
        JOIN budget_fundsource f ON f.id = e.fund_id WHERE e.budget_id IN {}""",
    )
    return [
        {
            "unit": unit,
            "fund": fund,
            "name": name,
            "carried_over": bool(carried_over),
            "estimated": fen,
            "spent": spent[unit, fund, bool(carried_over)],
        }
        for unit, fund, name, carried_over, fen in found
    ]


@reads("lacking_units")
def lacking_units(reading: Reading) -> list[dict]:
    return [{"code": unit.code, "name": unit.name} for unit in reading.selection.lacking]
