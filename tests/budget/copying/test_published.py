"""Last year's published workbook: read, rebuilt, and the same tables again."""

from decimal import Decimal

import pytest

from budget import writing
from budget.books import read_book, select
from budget.copying import from_published, published
from budget.importing import files
from budget.models import DraftRow, FunctionalClass, Item, Line
from budget.reporting import xlsx
from tests import factories
from tests.budget.importing.random_drafts import random_draft

from .conftest import full
from .workbooks import published as workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(db):
    return full(factories.make_budget(year=2025))


def read(content, draft):
    return from_published.read(files.read(content, "公开.xlsx"), draft)


def rebuild(content, draft):
    return from_published.apply(read(content, draft), full(draft), by=None)


def codes(budget) -> set:
    return {
        (line.item.name, line.function.code, line.economic.code, line.government.code, line.amount)
        for line in Line.objects.of(budget).with_dimensions()
    }


def test_the_published_workbook_gives_its_tables_again(draft):
    outcome = rebuild(workbook(), draft)
    assert outcome.differences == [] and outcome.open == []
    assert (outcome.after, outcome.certain, len(outcome.presumed)) == (Decimal(3935200), 31, 9)
    assert [name for name, _ in Item.objects.of(draft).values_list("name", "pk")][:2] == [
        "行政人员及机关技术人员年基本工资",
        "年终一次性奖金",
    ]


def test_it_finds_the_lines_of_the_reference(source, draft):
    rebuild(workbook(), draft)
    assert codes(draft) == codes(source)
    marked = Line.objects.of(draft).filter(origin="presumed")
    assert marked.count() == 9 and "年终一次性奖金" in marked.values_list("item__name", flat=True)
    natures = [dict(Item.objects.of(budget).values_list("name", "nature")) for budget in (source, draft)]
    assert natures[0] == natures[1]


def test_our_own_export_is_read_alike(source, draft):
    book = read_book(select(source.unit, 2024, "second"))
    content = xlsx.book_bytes(book.grids(), created=source.created)
    facts = read(content, draft)
    assert (facts.year, facts.organisation, facts.notices) == (2024, source.unit_name, [])
    assert rebuild(content, draft).differences == []
    assert codes(draft) == codes(source)


@pytest.mark.parametrize("seed", [3, 8])
def test_random_departments_give_the_same_tables(seed, draft):
    other = random_draft(seed, full(factories.make_budget("577001")), most=12)
    made = printable(other)
    book = read_book(select(made.unit, 2024, "second"))
    outcome = rebuild(xlsx.book_bytes(book.grids(), created=made.created), draft)
    assert outcome.differences == [] and outcome.open == []
    assert outcome.after == sum(Line.objects.of(made).values_list("amount", flat=True))


def printable(budget):
    """The draft without lines that table 3 has no column for."""
    for line in Line.objects.of(budget).select_related("item", "economic"):
        if not line.item.is_project and line.economic.code[:3] not in published.CLASSES.values():
            writing.write(budget, [writing.Remove(Line, line.uid, line.version)], by=None, via="command")
    return full(budget)


def test_amounts_in_yuan(draft):
    def in_yuan(name, rows):
        return [[f"{Decimal(one) * 10_000:.2f}" if "." in one else one for one in row] for row in rows]

    facts = read(workbook(in_yuan, unit="元"), draft)
    assert facts.totals["expenditure"] == 393_520_000


def test_a_table_that_contradicts_the_others_is_told_and_kept_in_sight(draft):
    def wrong(name, rows):
        return [["82.37" if one == "81.37" else "68.61" if one == "67.61" else one for one in row] for row in rows]

    facts = read(workbook(wrong), draft)
    assert facts.notices == [
        "支出总表的合计393.52万元，各行相加是394.52万元。",
        "基本支出在支出总表中是201.52万元，在项目表中是200.52万元。",
    ]
    outcome = from_published.apply(facts, draft, by=None)
    assert outcome.differences == ["支出总表 2060101 工资福利支出：原表 68.61，推算 67.61（万元）。"]


def test_money_that_has_no_function_waits(draft):
    def less(name, rows):
        return [row for row in rows if name != "03_expenditure" or row[4] != "住房公积金"]

    outcome = rebuild(workbook(less), draft)
    assert [(one.item, one.amount) for one in outcome.open] == [("住房公积金（行政）", Decimal("164900.00"))]
    assert DraftRow.objects.get(budget=draft).cells["economic"] == "30113"


def test_a_function_that_this_year_lacks_waits_with_a_proposal(draft):
    FunctionalClass.objects.filter(edition=draft.campaign.edition, code="2069901").update(code="2069991")
    outcome = rebuild(workbook(), draft)
    assert {one.reason for one in outcome.open} == {
        "科目 2069901 科技奖励 在2025年科目中没有，可改用 2069991 科技奖励。"
    }


@pytest.mark.parametrize("name", ["03_expenditure", "06_general_public_basic_by_economic", "12_projects"])
def test_a_workbook_without_one_of_the_tables_is_refused(draft, name):
    content = workbook(lambda one, rows: None if one == name else rows)
    with pytest.raises(published.NotPublished, match="没有找到"):
        read(content, draft)


def test_a_figure_that_is_none_is_refused_at_its_cell(draft):
    def typo(name, rows):
        return [["1O.00" if one == "16.49" and name.startswith("07") else one for one in row] for row in rows]

    with pytest.raises(published.NotPublished) as refused:
        read(workbook(typo), draft)
    assert refused.value.errors[0].startswith("07_general_public_basic_items!D30 “1O.00”不是数字")


def test_several_units_are_refused(draft):
    def two(name, rows):
        return [["另一单位", *row[1:]] if name.startswith("07") and row[2] == "职业年金" else row for row in rows]

    with pytest.raises(published.NotPublished, match="2个单位"):
        read(workbook(two), draft)


def test_it_replaces_what_is_there_whole_or_not_at_all(draft, monkeypatch):
    factories.make_line(factories.make_item(draft, "自己的"), 100)
    draft = full(draft)
    facts = read(workbook(), draft)
    before = factories.fingerprint()
    assert from_published.apply(facts, draft, by=None, is_preview=True).written
    monkeypatch.setattr(from_published, "_computed", lambda draft: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        from_published.apply(facts, draft, by=None)
    assert factories.fingerprint() == before
    monkeypatch.undo()
    from_published.apply(facts, draft, by=None)
    assert not Item.objects.of(draft).filter(name="自己的").exists()


def test_a_name_that_no_item_may_have_is_refused_whole(draft):
    def long(name, rows):
        return [["长" * 181 if one == "职业年金" else one for one in row] for row in rows]

    before = factories.fingerprint()
    with pytest.raises(writing.Refused):
        rebuild(workbook(long), draft)
    assert factories.fingerprint() == before
