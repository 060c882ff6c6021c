"""一页读懂: what the money is, where it comes from and goes, in plain words; all of it out of what is frozen."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from budget.charts import FULL
from budget.reporting import money
from budget.series import THREE_PUBLIC, TOTALS, key_of
from publication.frozen import Frozen
from publication.narrative import wording as cases
from publication.narrative.values import Amount
from publication.open_rows import BASIC

HUNDRED = 10_000  # 分 of 100 元
PEOPLE, RUNNING = ("301", "303"), ("302", "310")
SOURCES = (
    ("11", "一般公共预算"),
    ("12", "政府性基金预算"),
    ("13", "国有资本经营预算"),
    ("2", "财政专户管理资金"),
    ("3", "单位资金"),
)
NAMED, LISTED = 3, 8  # purposes in a sentence, in the table


class Part(NamedTuple):
    """A part of every 100 元. `of_hundred`: in 元, two decimals; all parts of a table add up to 100.00."""

    label: str
    of_hundred: str
    amount: str
    length: int


class Key(NamedTuple):
    """A figure with its change from last year in words."""

    label: str
    amount: str
    change: str


class Summary(NamedTuple):
    figures: tuple[Key, ...]
    purposes: tuple[Part, ...]
    natures: tuple[Part, ...]
    sentences: tuple[str, ...]


def summary_of(frozen: Frozen) -> Summary:
    purposes, natures = _few(_purposes(frozen), LISTED), _natures(frozen)
    return Summary(_figures(frozen), _parts(frozen, purposes), _parts(frozen, natures), tuple(_sentences(frozen)))


# ---- of every 100 元


def hundredths(amounts: Iterable[int]) -> list[int]:
    """How many 分 of 100 元 each of these amounts is: whole numbers that add up to all of them (largest remainders)."""
    amounts = list(amounts)
    whole = sum(amounts)
    if whole <= 0:
        return [0] * len(amounts)
    shares = [divmod(amount * HUNDRED, whole) for amount in amounts]
    left = HUNDRED - sum(share for share, _ in shares)
    raised = set(sorted(range(len(amounts)), key=lambda at: (-shares[at][1], at))[:left])
    return [share + (at in raised) for at, (share, _) in enumerate(shares)]


def _parts(frozen: Frozen, rows: list[tuple[str, int]]) -> tuple[Part, ...]:
    longest = max((fen for _, fen in rows), default=0)
    return tuple(
        Part(label, f"{money.yuan(share):.2f}", _amount(fen, frozen.unit), max(1, fen * FULL // longest))
        for (label, fen), share in zip(rows, hundredths(fen for _, fen in rows), strict=True)
    )


def _purposes(frozen: Frozen) -> list[tuple[str, int]]:
    """By 类 of the functional classification, the largest first."""
    sums: dict[str, int] = defaultdict(int)
    for row in frozen.spending:
        sums[frozen.names["function"][row.function[:3]]] += row.fen
    return sorted(((label, fen) for label, fen in sums.items() if fen > 0), key=lambda row: -row[1])


def _few(rows: list[tuple[str, int]], most: int) -> list[tuple[str, int]]:
    """The first of them, and what the others come to: one alone is rather named."""
    rest = rows[most:]
    if len(rest) < 2:
        return rows
    return [*rows[:most], (f"其他{len(rest)}个方面", sum(fen for _, fen in rest))]


def _natures(frozen: Frozen) -> list[tuple[str, int]]:
    """People, running, projects."""
    sums: dict[str, int] = defaultdict(int)
    for row in frozen.spending:
        if row.category not in BASIC:
            sums["项目支出"] += row.fen
        elif row.economic.startswith(PEOPLE):
            sums["人员经费"] += row.fen
        elif row.economic.startswith(RUNNING):
            sums["日常公用经费"] += row.fen
        else:
            sums["其他基本支出"] += row.fen
    order = ("人员经费", "日常公用经费", "其他基本支出", "项目支出")
    return [(label, sums[label]) for label in order if sums[label] > 0]


# ---- figures and sentences


def _amount(fen: int, unit: str) -> str:
    return money.printed(fen, unit, thousands=True) or "0.00"


def _known(frozen: Frozen) -> dict[str, Amount]:
    """The figures over the years, with last year's, by their cells."""
    found = {}
    for one in frozen.series:
        values = dict(one.values)
        found[one.key] = Amount(values[frozen.year] or 0, frozen.unit, values.get(frozen.year - 1))
    return found


def _figures(frozen: Frozen) -> tuple[Key, ...]:
    known = _known(frozen)
    cells = [one for one in (*TOTALS, THREE_PUBLIC[0]) if key_of(one) in known]
    return tuple(
        Key(one.label, _amount(known[key_of(one)].fen, frozen.unit), _change(known[key_of(one)])) for one in cells
    )


def _change(one: Amount) -> str:
    """比上年增加150.79万元，增长62.12%; nothing where last year is not known."""
    difference = abs(one.fen - (one.before or 0))
    words = f"{_amount(difference, one.unit)}{one.unit}"
    match one.change_case:
        case cases.INCREASE:
            return f"比上年增加{words}，增长{money.percent(difference, one.before or 0)}"
        case cases.DECREASE:
            return f"比上年减少{words}，下降{money.percent(difference, one.before or 0)}"
        case cases.SAME | cases.NOTHING:
            return "与上年持平"
        case cases.NEW:
            return "为本年新增"
        case cases.GONE:
            return f"比上年减少{words}，本年未安排"
    return ""


def _sentences(frozen: Frozen) -> Iterable[str]:
    """Five: how much, from where, for what, in which way, 三公."""
    unit, known = frozen.unit, _known(frozen)
    spent = sum(row.fen for row in frozen.spending)
    change = _change(known[key_of(TOTALS[0])]) if key_of(TOTALS[0]) in known else ""
    reason = frozen.reasons.get("total", "")
    because = f"，主要原因是{reason}" if reason and change and "持平" not in change else ""
    yield f"{frozen.year}年预算安排支出{_amount(spent, unit)}{unit}{f'，{change}' if change else ''}{because}。"
    yield _from_where(frozen)
    yield _for_what(frozen)
    yield _in_which_way(frozen)
    if public := known.get(key_of(THREE_PUBLIC[0])):
        yield _three_public(frozen, public, known)


def _from_where(frozen: Frozen) -> str:
    unit, received = frozen.unit, sum(row.fen for row in frozen.income)
    sums = [(label, sum(row.fen for row in frozen.income if row.fund.startswith(code))) for code, label in SOURCES]
    parts = [f"{label}{_amount(fen, unit)}{unit}" for label, fen in sums if fen]
    if len(parts) == 1:
        parts = [next(label for label, fen in sums if fen)]
    carried = sum(row.fen for row in frozen.income if row.carried_over)
    from_before = f"；其中上年结转结余{_amount(carried, unit)}{unit}" if carried else ""
    listed = f"，{'全部' if len(parts) == 1 else ''}来自{'、'.join(parts)}" if parts else ""
    return f"收入{_amount(received, unit)}{unit}{listed}{from_before}。"


def _for_what(frozen: Frozen) -> str:
    rows = _few(_purposes(frozen), NAMED)
    if not rows:
        return "本年没有安排支出。"
    shares = hundredths(fen for _, fen in rows)
    named = [f"{money.yuan(share):.2f}元用于{label}" for (label, _), share in zip(rows, shares, strict=True)]
    return f"每100元中，{'，'.join(named)}。"


def _in_which_way(frozen: Frozen) -> str:
    unit, rows = frozen.unit, _natures(frozen)
    parts = "，".join(f"{label}{_amount(fen, unit)}{unit}" for label, fen in rows)
    text = f"按用途分，{parts}" if parts else "本年没有基本支出和项目支出"
    projects = [one for one in frozen.projects if not one.key.endswith("/together")]
    if not projects:
        return f"{text}。"
    largest = max(projects, key=lambda one: one.fen)
    listed = f"列示项目{len(frozen.projects)}个，其中金额最大的是“{largest.name}”，{_amount(largest.fen, unit)}{unit}"
    return f"{text}；{listed}。"


def _three_public(frozen: Frozen, public: Amount, known: dict[str, Amount]) -> str:
    unit = frozen.unit
    if not public.fen and not public.before:
        return "没有安排“三公”经费（因公出国（境）费、公务用车购置及运行费、公务接待费）。"
    named = [(one.label, known[key_of(one)].fen) for one in THREE_PUBLIC[1:] if key_of(one) in known]
    parts = "、".join(f"{label}{_amount(fen, unit)}{unit}" for label, fen in named if fen)
    change = _change(public)
    said = f"“三公”经费{_amount(public.fen, unit)}{unit}{f'，{change}' if change else ''}"
    return f"{said}；其中{parts}。" if parts else f"{said}。"
