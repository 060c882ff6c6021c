"""The facts of the text that no Grid holds, read at once: posts, assets, procurement, reasons, duties, projects."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from budget import sql
from budget.books import Selection
from budget.models import AssetHolding, ProcurementLine

STATEMENT = """
SELECT 'post', '', '', established, administrative, id FROM budget_staffing WHERE budget_id IN {}
UNION ALL SELECT 'asset', kind, '', value_fen, number, id FROM budget_assetholding WHERE budget_id IN {}
UNION ALL SELECT 'bought', kind, '', amount_fen, 0, id FROM budget_procurementline WHERE budget_id IN {}
UNION ALL SELECT 'transfer', name, '', amount_fen, 0, id FROM budget_specialtransfer WHERE budget_id IN {}
UNION ALL SELECT 'reason', topic, text, budget_id, 0, id FROM budget_reason WHERE budget_id IN {}
UNION ALL SELECT 'duty', '', text, budget_id, position, id FROM budget_duty WHERE budget_id IN {}
UNION ALL SELECT 'project', CAST(i.uid AS text), CASE WHEN d.is_withheld THEN d.public_name ELSE '' END,
    CASE WHEN d.is_withheld THEN 1 ELSE 0 END, CASE WHEN d.is_key THEN 1 ELSE 0 END, d.id
    FROM projects_dossier d JOIN budget_item i ON i.id = d.item_id
    WHERE i.budget_id IN {} AND (d.is_key OR d.is_withheld)
UNION ALL SELECT 'goal', CAST(i.uid AS text), g.text, 0, 0, g.id
    FROM performance_projectgoal g JOIN budget_item i ON i.id = g.item_id
    JOIN projects_dossier d ON d.item_id = i.id WHERE i.budget_id IN {} AND d.is_key
UNION ALL SELECT 'class', code, name, 0, 0, id FROM budget_functionalclass
    WHERE edition_id IN {} AND LENGTH(code) = 3
UNION ALL SELECT 'override', sentence, "case" || '/' || text, 0, revision, id FROM publication_textoverride
    WHERE campaign_id IN {}
UNION ALL SELECT CASE WHEN e.carried_over THEN 'over' ELSE 'out' END, f.code, '',
    e.amount_fen - COALESCE((SELECT SUM(l.amount_fen) FROM budget_line l JOIN budget_item i ON i.id = l.item_id
        WHERE i.budget_id = e.budget_id AND l.fund_id = e.fund_id AND l.carried_over = e.carried_over), 0), 0, e.id
    FROM budget_incomeestimate e JOIN budget_fundsource f ON f.id = e.fund_id WHERE e.budget_id IN {}
"""
BUDGETS = 8  # parts of the statement that are asked about the budgets themselves


@dataclass(frozen=True)
class KeyProject:
    uid: str
    purpose: str


@dataclass(frozen=True)
class TextFacts:
    """`numbers`: amounts (分) and counts by key, None where nobody has filled them in.

    `reasons`: by topic; `withheld`: uid → neutral name;
    `carried_out`: last year's 年终结转 as (fund, carried over, 分); `overrides`: (sentence, case) → other words.
    `classes`: the names of the functional 类 by their codes.
    """

    numbers: Mapping[str, int | None]
    reasons: Mapping[str, str] = field(default_factory=dict)
    duties: tuple[str, ...] = ()
    key_projects: tuple[KeyProject, ...] = ()
    withheld: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    carried_out: tuple[tuple[str, bool, int], ...] = ()
    overrides: Mapping[tuple[str, str], str] = field(default_factory=dict)


def facts_of(selection: Selection, before: Iterable[int] = ()) -> TextFacts:
    """The facts of a selection's budgets; `before`: the ids of last year's."""
    ids = [budget.pk for budget in selection.budgets]
    found = defaultdict(list)
    for kind, *rest in sql.rows_planned_once(
        "facts_of_the_text",
        STATEMENT,
        *[ids] * BUDGETS,
        [selection.campaign.edition_id],
        [selection.campaign.pk],
        list(before),
    ):
        found[kind].append(rest)
    for rows in found.values():
        rows.sort(key=lambda row: row[-1])
    goals = defaultdict(list)
    for uid, text, *_ in found["goal"]:
        goals[sql.text_of(uid)].append(text)
    projects = [(sql.text_of(uid), name, withheld, key) for uid, name, withheld, key, _ in found["project"]]
    return TextFacts(
        numbers=_numbers(found),
        reasons=_reasons(found["reason"], ids),
        duties=_duties(found["duty"], ids),
        key_projects=tuple(
            KeyProject(uid, "；".join(_bare(text) for text in goals[uid])) for uid, _, _, key in projects if key
        ),
        withheld={uid: name for uid, name, withheld, _ in projects if withheld},
        classes={code: name for code, name, *_ in found["class"]},
        carried_out=tuple(
            (fund, kind == "over", amount) for kind in ("out", "over") for fund, _, amount, *_ in found[kind] if amount
        ),
        overrides=_overrides(found["override"]),
    )


def _numbers(found) -> dict[str, int | None]:
    posts = found["post"]
    numbers: dict[str, int | None] = {
        "posts": sum(row[2] for row in posts) if posts else None,
        "posts_administrative": sum(row[3] for row in posts) if posts else None,
        "transfers": len(found["transfer"]),
    }
    for kind in AssetHolding.Kind.values:
        rows = [row for row in found["asset"] if row[0] == kind]
        numbers[f"asset_{kind}"] = sum(row[2] for row in rows) if found["asset"] else None
        numbers[f"number_{kind}"] = sum(row[3] for row in rows) if found["asset"] else None
    for kind in ProcurementLine.Kind.values:
        numbers[f"procurement_{kind}"] = sum(row[2] for row in found["bought"] if row[0] == kind)
    return numbers


def number_keys() -> frozenset[str]:
    """The keys of every number there can be."""
    return frozenset(_numbers(defaultdict(list)))


def _overrides(rows) -> dict[tuple[str, str], str]:
    """The newest revision of each; an empty one is none."""
    newest = {}
    for sentence, words, _, _, _ in sorted(rows, key=lambda row: row[3]):
        case, _, text = words.partition("/")
        newest[sentence, case] = text
    return {key: text for key, text in newest.items() if text}


def _reasons(rows, ids: list[int]) -> dict[str, str]:
    """By topic, in the order of the budgets; what several say in the same words is said once."""
    texts = defaultdict(list)
    for topic, text, *_ in sorted(rows, key=lambda row: ids.index(row[2])):
        if _bare(text):
            texts[topic].append(_bare(text))
    return {topic: "；".join(dict.fromkeys(said)) for topic, said in texts.items()}


def _duties(rows, ids: list[int]) -> tuple[str, ...]:
    """Of the first budget that says any: a department's duties are those of its own office."""
    for budget in ids:
        own = [row for row in rows if row[2] == budget]
        if own:
            return tuple(row[1].strip() for row in sorted(own, key=lambda row: row[3]))
    return ()


def _bare(text: str) -> str:
    """A typed text as part of a sentence: on one line, without the full stop it ends in."""
    return " ".join(text.split()).rstrip("。；，、.;,")
