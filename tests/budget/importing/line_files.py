"""Small files of budget lines, and what a test does with them."""

from pathlib import Path

from budget.importing import lines
from budget.models import Line

GOLDEN = Path(__file__).parents[2] / "golden" / "lines.csv"
HEAD = "category,item,project_code,function,dept_economic,gov_economic,fund,amount"
CODE = "410802240000000015718"
OTHER_CODE = "410802240000000016422"
BASIC = "公用经费,办公费（行政）,,2060101,30201,50201,一般公共预算,1.81"
PROJECT = f"特定目标类,科技经费,{CODE},2060199,,,一般公共预算,3.00"


def csv(*rows, head=HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def read(content, budget, name="明细.csv"):
    return lines.read(content, name, budget)


def load(content, budget):
    """Import and give back what was written; the file must be without fault."""
    budget.refresh_from_db()
    reading = read(content, budget)
    assert reading.error_texts() == []
    written = lines.apply(reading.desired, budget, by=None)
    budget.refresh_from_db()
    return written


def errors(content, budget, name="明细.csv"):
    return read(content, budget, name).error_texts()


def only_error(content, budget) -> str:
    [text] = errors(content, budget)
    return text


def stored(budget):
    return {
        (line.item.name, line.function.code, line.economic.code, line.government.code, line.fund.code): line.amount
        for line in Line.objects.of(budget).with_dimensions()
    }
