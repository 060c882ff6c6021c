"""The figures of the text worked out again: plain SQL over the lines, plain Python, nothing of the product's."""

import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from django.db import connection

STATEMENT = """
SELECT i.category, f.code, e.code, s.code, l.carried_over, l.amount_fen, i.uid
FROM budget_line l JOIN budget_item i ON i.id = l.item_id JOIN budget_functionalclass f ON f.id = l.function_id
JOIN budget_departmenteconomicclass e ON e.id = l.economic_id JOIN budget_fundsource s ON s.id = l.fund_id
"""
FIGURE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)(?=万元|%)")


def printed(fen):
    return "0" if not fen else str((Decimal(fen) / 1_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP))


def share(part, whole):
    return f"{(Decimal(part) * 100 / whole).quantize(Decimal('0.01'), ROUND_HALF_UP)}"


def expected() -> dict[str, list[str]]:
    """Sentence → the amounts and shares that it has to print, in order, of every line in the database."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT)
        lines = cursor.fetchall()

    def total(test=lambda *line: True):
        return sum(line[5] for line in lines if test(*line[:5]))

    def general(c, f, e, s, o):
        return s.startswith("11")

    def basic(c, f, e, s, o):
        return c in ("1", "21")

    def of_six(*classes):
        return total(lambda *line: general(*line) and basic(*line) and not line[4] and line[2].startswith(classes))

    def by_class(begin):
        sums = Counter()
        for line in lines:
            if line[3].startswith(begin):
                sums[line[1][:3]] += line[5]
        whole = sum(sums.values())
        pairs = [(printed(sums[code]), share(sums[code], whole)) for code in sorted(sums) if sums[code]]
        return [figure for pair in pairs for figure in pair]

    def economic(*codes):
        return total(lambda *line: general(*line) and line[2].startswith(codes))

    whole, of_basic, of_project = total(), total(basic), total(lambda *line: not basic(*line))
    fund, capital = total(lambda *line: line[3].startswith("12")), total(lambda *line: line[3].startswith("13"))
    parts = [printed(of_basic), share(of_basic, whole), printed(of_project), share(of_project, whole)] if whole else []
    operating = of_six("302") - of_six("30239", "30217")
    vehicles = (economic("30913", "31013"), economic("30231"))
    return {
        "spending": [printed(whole), *parts] if whole else ["0", "0", "0"],
        "general": [printed(total(general)), *by_class("11")],
        "general-basic": [printed(of_six("3")), printed(of_six("301", "303"))],
        "operating": [printed(of_six("302", "310"))],
        "government-fund": [printed(fund), *by_class("12")],
        "state-capital": [printed(capital), *by_class("13")],
        "three-public": [printed(economic("30212", "30217") + sum(vehicles))],
        "abroad": [printed(economic("30212"))],
        "vehicles": [printed(sum(vehicles)), printed(vehicles[0])],
        "vehicle-running": [printed(vehicles[1])],
        "reception": [printed(economic("30217"))],
        "agency": [printed(operating)],
        "performance-money": [printed(whole), printed(of_basic)],
        "performance-projects": [printed(of_project)],
    }


def said(narrative) -> dict[str, list[str]]:
    """Sentence → the amounts and shares that it prints, in order."""
    return {
        one.id: FIGURE.findall(one.text)
        for _, block in narrative.paragraphs()
        for one in block.sentences
        if one.id and not one.id.startswith("term")
    }


def differences(narrative) -> dict[str, tuple]:
    """Sentences that say something else than the lines."""
    found = said(narrative)
    return {key: (found.get(key), figures) for key, figures in expected().items() if found.get(key) != figures}
