"""Import of a unit's lines from a workbook, beside reading it with calamine and inserting the same rows bare."""

import io
from collections.abc import Callable

import python_calamine
import xlsxwriter
from django.db import transaction

from budget import writing
from budget.importing import guard, lines
from budget.importing.preview import compared
from budget.models import Budget, Category, EconomicPair, FunctionalClass, Item, Line
from organisation.models import Unit

LARGEST = 19_999  # lines of a file
HEAD = ["类别", "项目名称", "项目编码", "功能分类", "部门经济分类", "政府经济分类", "资金性质", "金额"]
A_PROJECT = 4  # lines of an item


def works(department: Unit, size: int) -> tuple[Callable, Callable]:
    """(ours, the floor) of importing so many lines into an empty draft; both leave nothing behind."""
    budget = _draft(department)
    content = _workbook(budget, size)
    wanted = lines.read(content, "明细.xlsx", budget)
    if wanted.errors:
        raise AssertionError(wanted.error_texts()[:3])
    rows = [change.row for change in lines.changes(wanted.desired, budget)]
    items = [row for row in rows if isinstance(row, Item)]
    inserted = [row for row in rows if isinstance(row, Line)]
    owners = [row.item for row in inserted]

    def ours():
        with transaction.atomic():
            reading = lines.read(guard.read(content, "明细.xlsx"), "明细.xlsx", budget)
            changes = lines.changes(reading.desired, budget)
            compared(changes, budget)
            written = writing.write(budget, changes, by=None, via="import", seen=budget.version)
            if len(written.added) != len(rows):
                raise AssertionError("not all was written")
            transaction.set_rollback(True)

    def floor():
        for row in rows:
            row.pk = None
        with transaction.atomic():
            read = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
            if len(read.to_python()) != len(inserted) + 1:
                raise AssertionError("not all was read")
            Item.objects.bulk_create(items, batch_size=1000)
            for row, owner in zip(inserted, owners, strict=True):
                row.item = owner
            Line.objects.bulk_create(inserted, batch_size=1000)
            transaction.set_rollback(True)

    return ours, floor


def _draft(department: Unit) -> Budget:
    """An empty draft of a unit of its own."""
    other = Budget.objects.filter(unit__path__startswith=department.path).select_related("campaign").first()
    unit = Unit.objects.create(code="999001", name="导入测速单位", parent=Unit.objects.create(code="999", name="测速"))
    return Budget.objects.create(unit=unit, campaign=other.campaign, stage=other.stage, unit_name=unit.name)


def _workbook(budget: Budget, size: int) -> bytes:
    edition = budget.campaign.edition
    functions = FunctionalClass.objects.filter(edition=edition, is_leaf=True, is_unspecified=False)
    codes = list(functions.values_list("code", flat=True))
    pairs = list(EconomicPair.objects.filter(edition=edition).values_list("economic__code", "government__code"))
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("明细")
        sheet.write_row(0, 0, HEAD)
        for at in range(min(size, LARGEST)):
            item, turn = divmod(at, A_PROJECT)
            economic, government = pairs[(item + turn) % len(pairs)]
            row = [Category.OTHER_RUNNING.label, f"导入项目{item}", "", codes[(item * 7 + turn) % len(codes)]]
            sheet.write_row(at + 1, 0, [*row, economic, government, "一般公共预算", (at % 9_999 + 1) / 100])
    return file.getvalue()
