"""The template as people use it: sorted, copied, cleared, renamed, of another unit, a version too old."""

import csv as csv_files
import io
from decimal import Decimal

import openpyxl
import pytest

from budget import writing
from budget.importing import lines
from budget.importing.columns import HEADINGS
from budget.importing.line_csv import line_csv
from budget.importing.template import BLANK_ROWS, HEAD, template
from budget.models import FunctionalClass, Item, Line
from records.models import ChangeRecord
from tests import factories

from .line_files import BASIC, GOLDEN, PROJECT, csv, load
from .workbooks import saved

pytestmark = pytest.mark.django_db

FIRST = HEAD + 2  # the first row of lines, from 1


class Opened:
    """A template as a person has it open."""

    def __init__(self, content: bytes):
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.sheet = self.book["预算明细"]
        heads = [cell.value for cell in self.sheet[HEAD + 1]]
        self.at = {
            key: heads.index(next(head for head in heads if head.startswith(HEADINGS[key][0]))) + 1 for key in HEADINGS
        }

    def cell(self, row: int, key: str):
        return self.sheet.cell(FIRST + row, self.at[key])

    def row(self, row: int) -> dict:
        return {key: self.cell(row, key).value for key in HEADINGS}

    def put(self, row: int, **values) -> None:
        for key, value in values.items():
            self.cell(row, key).value = value

    def read(self, budget):
        return lines.read(saved(self.book), "模板.xlsx", budget)

    def changes(self, budget):
        reading = self.read(budget)
        assert reading.error_texts() == []
        return lines.changes(reading.desired, budget)

    def apply(self, budget):
        reading = self.read(budget)
        assert reading.error_texts() == []
        written = lines.apply(reading.desired, budget, by=None)
        budget.refresh_from_db()
        return written


@pytest.fixture
def opened(budget):
    """The template of the reference lines."""
    load(GOLDEN.read_bytes(), budget)
    return Opened(template(budget))


def test_it_says_whose_it_is_and_protects_what_is_computed(opened, budget):
    names = {name: one.value for name, one in opened.book.defined_names.items()}
    assert (
        names["mz_unit"] == '"566001"' and names["mz_year"] == '"2024"' and names["mz_version"] == f'"{budget.version}"'
    )
    assert opened.sheet.protection.sheet and not opened.sheet.protection.password
    assert opened.cell(0, "uid").protection.locked and not opened.cell(0, "amount").protection.locked
    assert opened.sheet.freeze_panes == f"C{FIRST}"
    assert opened.row(0)["function"] == "2060101"
    names_of_codes = openpyxl.load_workbook(io.BytesIO(template(budget)), data_only=True)["预算明细"]
    assert names_of_codes.cell(FIRST, opened.at["function"] + 1).value == "行政运行"
    assert str(opened.sheet.cell(FIRST, opened.at["function"] + 1).value).startswith("=IF(")
    assert Decimal(str(names_of_codes.cell(HEAD, opened.at["amount"]).value)) == Decimal("393.52")
    offered = {str(one.sqref).split(":")[0] for one in opened.sheet.data_validations.dataValidation}
    assert {opened.cell(0, key).coordinate for key in ("category", "function", "dept_economic", "fund")} <= offered
    assert opened.sheet.max_row == HEAD + 1 + 40 + BLANK_ROWS


def test_a_code_may_be_typed_as_the_list_offers_it(opened, budget):
    opened.put(0, function="2060101 行政运行", dept_economic="30101 基本工资")
    assert opened.changes(budget) == []
    opened.put(0, function="2060101 机关服务")
    assert opened.read(budget).error_texts() == [
        f"预算明细!{opened.cell(0, 'function').coordinate} “2060101 机关服务”的编码和名称不一致：2060101是“行政运行”。"
    ]


def test_another_code_is_an_edit_of_the_same_line(opened, budget):
    uid = opened.row(0)["uid"]
    opened.put(0, function="2060103", amount=40)
    [line] = opened.apply(budget).edited
    assert (str(line.uid), line.function.code, line.amount) == (uid, "2060103", Decimal("400000.00"))


def test_two_lines_may_exchange_their_codes(budget):
    load(csv(BASIC, BASIC.replace("30201", "30202").replace("1.81", "2.00")), budget)
    opened = Opened(template(budget))
    opened.put(0, dept_economic="30202")
    opened.put(1, dept_economic="30201")
    opened.apply(budget)
    assert dict(Line.objects.of(budget).values_list("economic__code", "amount")) == {
        "30202": Decimal("18100.00"),
        "30201": Decimal("20000.00"),
    }


def test_rows_in_another_order_and_strange_columns_change_no_line(opened, budget):
    rows = [[cell.value for cell in row] for row in opened.sheet.iter_rows(min_row=FIRST, max_row=FIRST + 32)]
    for number, row in enumerate(reversed(rows)):
        for at, value in enumerate(row, 1):
            opened.sheet.cell(FIRST + number, at).value = value
    opened.sheet.cell(HEAD + 1, opened.sheet.max_column + 1).value = "备注"
    opened.sheet.cell(FIRST, opened.sheet.max_column).value = "看过"
    changes = opened.changes(budget)
    assert {change.model for change in changes} == {Item}
    assert {name for change in changes for name in change.values} == {"position"}


def test_without_its_key_column_a_template_is_read_by_dimensions(opened, budget):
    opened.sheet.delete_cols(opened.at["uid"])
    assert opened.changes(budget) == []


def test_a_row_copied_in_excel_is_a_new_line(opened, budget):
    for key, value in (opened.row(0) | {"dept_economic": "30102", "amount": 1}).items():
        opened.cell(40, key).value = value
    written = opened.apply(budget)
    assert [(type(row), row.economic.code) for row in written.added] == [(Line, "30102")]
    assert not written.edited and not written.removed


def test_a_cleared_row_is_a_removed_line(opened, budget):
    for key in HEADINGS:
        if key != "uid":
            opened.cell(1, key).value = None
    written = opened.apply(budget)
    assert {type(row) for row in written.removed} == {Item, Line} and not written.added


def test_a_renamed_item_stays_the_same(opened, budget):
    uid = Item.objects.of(budget).first().uid
    opened.put(0, item="在编人员基本工资")
    [change] = opened.changes(budget)
    assert isinstance(change, writing.Edit) and (change.uid, change.values) == (uid, {"name": "在编人员基本工资"})


def test_flags_and_natures_come_back(opened, budget):
    opened.put(0, is_procurement="是", is_asset="是", nature="事业")
    opened.apply(budget)
    line = Line.objects.of(budget).get(uid=opened.row(0)["uid"])
    assert (line.is_procurement, line.is_asset, line.is_purchased_service, line.item.nature) == (
        True,
        True,
        False,
        "事业",
    )
    load(line_csv(budget), budget)  # the plain file says nothing of flags
    line.refresh_from_db()
    assert line.is_procurement
    again = Opened(template(budget))
    again.put(0, is_procurement=None)
    [row] = again.apply(budget).edited
    assert not row.is_procurement and row.is_asset


def test_an_open_government_class_is_not_filled_in(budget):
    load(csv(PROJECT.replace("2060199,,", "2060199,30201,50201")), budget)
    line = Line.objects.of(budget).get()
    unspecified = type(line.government).objects.get(edition=budget.campaign.edition, is_unspecified=True)
    writing.write(budget, [writing.Edit(Line, line.uid, 1, {"government": unspecified})], by=None, via="command")
    budget.refresh_from_db()
    for content, name in ((template(budget), "a.xlsx"), (line_csv(budget), "a.csv")):
        assert lines.changes(lines.read(content, name, budget).desired, budget) == []


def test_the_template_of_another_unit_or_year_is_refused(opened, budget):
    before = factories.fingerprint()
    others = [factories.make_budget("566002"), factories.make_budget(year=2025)]
    before = factories.fingerprint()
    for other in others:
        [text] = opened.read(other).error_texts()
        assert text.startswith("模板是单位566001的2024年预算，不能导入")
    assert factories.fingerprint() == before


def test_a_template_that_is_too_old_is_read_with_a_warning(opened, budget):
    assert opened.read(budget).notices == []
    factories.make_line(factories.make_item(budget, "别人加的"), 100)
    budget.refresh_from_db()
    reading = opened.read(budget)
    assert reading.notices == ["模板下载以后草稿又有改动：模板里没有的明细将被删除，不同的将改成模板里的，请核对变化。"]
    assert [type(change) for change in lines.changes(reading.desired, budget)] == [writing.Remove]


def test_an_item_without_lines_is_not_the_business_of_a_list_of_lines(opened, budget):
    factories.make_item(budget, "还没有明细")
    budget.refresh_from_db()
    assert not Opened(template(budget)).changes(budget)
    assert not load(line_csv(budget), budget)


def test_the_plain_file_is_the_reference_file(budget):
    load(GOLDEN.read_bytes(), budget)
    assert line_csv(budget).decode("utf-8-sig").splitlines() == GOLDEN.read_text("utf-8").splitlines()


def test_the_plain_file_says_what_a_reader_would_not_guess(budget):
    item = factories.make_item(budget, "=办公费（行政）", nature="事业")
    factories.make_line(item, 18100, carried_over=True)
    budget.refresh_from_db()
    [row] = csv_files.DictReader(io.StringIO(line_csv(budget).decode("utf-8-sig")))
    assert (row["item"], row["nature"], row["carried_over"]) == ("'=办公费（行政）", "事业", "是")
    assert not load(line_csv(budget), budget)


def test_whoever_changes_a_copied_line_has_looked_at_it(opened, budget):
    Line.objects.of(budget).update(origin="copied")
    opened.put(0, amount=40)
    [line] = opened.apply(budget).edited
    line.refresh_from_db()
    assert line.origin == "" and Line.objects.of(budget).unchecked().count() == 39
    record = ChangeRecord.objects.filter(chain=budget.chain).latest("sequence")
    assert record.before == {"amount": "357600.00", "origin": "copied"}


def test_a_function_of_the_list_is_a_leaf(opened, budget):
    codes = [cell.value for cell in opened.book["科目"]["A"][1:] if cell.value]
    leaves = FunctionalClass.objects.filter(edition=budget.campaign.edition, is_leaf=True, is_unspecified=False)
    assert set(codes) == set(leaves.values_list("code", flat=True))
