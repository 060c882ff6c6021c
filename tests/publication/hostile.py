"""Text that wants to be something else (T-13, T-41): formulas, markup, templates, SQL; and a budget full of it."""

from itertools import count, cycle, product
from xml.etree import ElementTree
from zipfile import ZipFile

from django.apps import apps
from django.db import models

from budget.models import Budget
from budget.models.rows import BudgetOwned
from budget.reporting.csv_text import FORMULA
from budget.writing import Edit, write

TAG = "mz-hostile"  # an element that no page of ours has
STARTS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", '"=', "'=", "", " =", '","=', "”="]
CORES = [
    "1+1",
    f"<{TAG}>",
    f"<{TAG} onclick=alert(1)>",
    f"<script>alert('{TAG}')</script>",
    f'"><{TAG}>',
    f"'><img src=x onerror=alert(1)><{TAG}>",
    f"</script><{TAG}>",
    f"--><{TAG}>",
    f"]]><{TAG}>",
    f"</textarea><{TAG}>",
    "{{ 7*7 }}",
    "{% for x in y %}",
    "${7*7}",
    "#eval(1+1)",
    "$x$ *粗* _斜_ @a",
    "'; DROP TABLE budget_line; --",
    "' OR '1'='1",
    "%s %(a)s {0} {a}",
    "HYPERLINK(“a”)",
    "cmd|'/c calc'!A1",
    "&amp;&lt;&#60;",
    "\\u{41}\\n</w:t>",
    "javascript:alert(1)",
    "‮倒写",
]
# not words of a person: keys, codes and forms that a rule of the field itself refuses
NOT_FREE = {"code", "table", "row", "column", "source", "amount_unit", "contact_phone", "target"}


def strings():
    """Different strings without end; each ends with its own number, at most 60 characters."""
    for number, (start, core) in zip(count(1), cycle(product(STARTS, CORES)), strict=False):
        yield f"{start}{core}第{number}条"


def fill(budget: Budget, source) -> list[str]:
    """Write the next strings into every free text of a draft, through the one writer; what was written."""
    written, edits = [], []
    for model in apps.get_models():
        if not issubclass(model, BudgetOwned):
            continue
        names = [field.name for field in model._meta.concrete_fields if is_free(field)]
        if not names:
            continue
        for row in model._default_manager.filter(**{"__".join(model.BUDGET_PATH): budget}):
            values = {name: next(source)[: model._meta.get_field(name).max_length] for name in names}
            written += values.values()
            edits.append(Edit(model, row.uid, row.version, values))
    write(budget, edits, by=None, via="command")
    budget.refresh_from_db()
    return written


def is_free(field) -> bool:
    """A text that people type as they please."""
    return (
        isinstance(field, models.CharField | models.TextField)
        and field.editable
        and not field.choices
        and field.name not in NOT_FREE
    )


def formulas_of_workbook(content) -> list[str]:
    """Parts of a workbook in which there is a formula, or that no XML parser reads."""
    found = []
    with ZipFile(content) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                root = ElementTree.fromstring(parts.read(name))
                found += [name for cell in root.iter() if cell.tag.rpartition("}")[2] == "f"]
    return found


def is_guarded(cell: str) -> bool:
    """A spreadsheet that opens the CSV takes this for words, or it is a plain negative number."""
    return not cell.startswith(FORMULA) or cell.lstrip("-").replace(".", "", 1).isdigit()
