"""What a file changes in a draft: what differs and nothing else, in the order of the file, all or nothing."""

from decimal import Decimal

import pytest

from budget import writing
from budget.importing import lines
from budget.models import Item, Line
from projects.models import Dossier
from records import history
from records.models import ChangeRecord
from tests import factories

from .line_files import BASIC, CODE, GOLDEN, OTHER_CODE, PROJECT, csv, load, only_error, read, stored

pytestmark = pytest.mark.django_db


def test_the_same_file_again_changes_nothing(budget):
    load(GOLDEN.read_bytes(), budget)
    before, version = factories.fingerprint(), budget.version
    assert not load(GOLDEN.read_bytes(), budget)
    assert budget.version == version
    assert factories.fingerprint() == before


def test_one_changed_amount_is_one_edit_with_its_history(budget):
    load(GOLDEN.read_bytes(), budget)
    clerk = factories.make_user("clerk", budget.unit, name="王经办")
    changed = GOLDEN.read_text("utf-8").replace("35.76", "36.76").encode()
    reading = read(changed, budget)
    [change] = lines.changes(reading.desired, budget)
    assert isinstance(change, writing.Edit)
    assert change.values == {"amount": Decimal("367600.00")}
    written = lines.apply(reading.desired, budget, by=clerk)
    assert (written.added, len(written.edited), written.removed) == ([], 1, [])
    record = ChangeRecord.objects.filter(chain=budget.chain).latest("sequence")
    assert (record.by, record.by_name, record.via, record.action) == (clerk, "王经办", "import", "edit")
    assert (record.before, record.after) == ({"amount": "357600.00"}, {"amount": "367600.00"})
    assert ChangeRecord.objects.filter(operation=record.operation).count() == 1


def test_adding_and_removing(budget):
    second = BASIC.replace("办公费", "印刷费").replace("30201", "30202")
    load(csv(BASIC, second, PROJECT), budget)
    written = load(csv(BASIC.replace("1.81", "2.00"), PROJECT.replace("2060199", "2060101")), budget)
    assert [row.amount for row in written.edited if isinstance(row, Line)] == [Decimal("20000.00")]
    assert sorted(type(row).__name__ for row in written.removed) == ["Item", "Line", "Line"]
    assert sorted(type(row).__name__ for row in written.added) == ["Line"]
    assert {key[:2] for key in stored(budget)} == {("办公费（行政）", "2060101"), ("科技经费", "2060101")}


def test_a_project_without_lines_stays_with_its_dossier(budget):
    load(csv(BASIC, PROJECT), budget)
    project = Item.objects.of(budget).projects().get()
    writing.write(budget, [writing.Add(Dossier(item=project))], by=None, via="command")
    load(csv(BASIC), budget)
    assert Dossier.objects.filter(item=project).exists()
    assert not Line.objects.filter(item=project).exists()
    load(csv(BASIC, PROJECT), budget)
    assert Item.objects.of(budget).projects().get() == project


def test_a_project_is_known_by_its_code(budget):
    load(csv(PROJECT), budget)
    uid = Item.objects.of(budget).get().uid
    written = load(csv(PROJECT.replace("科技经费", "科技专项经费").replace("特定目标类", "其他运转类")), budget)
    item = Item.objects.of(budget).get()
    assert (item.uid, item.name, item.category) == (uid, "科技专项经费", "22")
    assert len(written.edited) == 1 and not written.removed


def test_a_code_left_out_is_not_taken_away_and_one_given_is_added(budget):
    load(csv(PROJECT.replace(CODE, "")), budget)
    assert len(load(csv(PROJECT), budget).edited) == 1
    assert not load(csv(PROJECT.replace(CODE, "")), budget)
    assert Item.objects.of(budget).get().code == CODE


def test_a_clash_with_a_project_that_stays_is_told(budget):
    load(csv(PROJECT, PROJECT.replace("科技经费", "另一经费").replace(CODE, OTHER_CODE)), budget)
    text = only_error(csv(PROJECT.replace("科技经费", "另一经费")), budget)
    assert text.startswith("B2 “另一经费”与草稿中保留的项目“另一经费”") and OTHER_CODE in text


def test_the_order_of_items_is_that_of_the_file(budget):
    first, second, third = (BASIC.replace("办公费", name) for name in ("甲", "乙", "丙"))
    load(csv(first, second, third), budget)
    written = load(csv(second, first, third), budget)
    assert [type(row) for row in written.edited] == [Item, Item]
    assert [item.name for item in Item.objects.of(budget)] == ["乙（行政）", "甲（行政）", "丙（行政）"]
    assert not load(csv(second, first, third), budget)


def test_positions_with_gaps_stay_where_the_order_is_the_same(budget):
    for position, name in ((10, "甲"), (20, "乙")):
        item = factories.make_item(budget, name, position=position)
        factories.make_line(item, 100)
    rows = [BASIC.replace("办公费（行政）", name).replace("1.81", "0.01") for name in ("甲", "乙", "丙")]
    assert not load(csv(*rows[:2]), budget)
    load(csv(*rows), budget)
    assert list(Item.objects.of(budget).values_list("position", flat=True)) == [10, 20, 21]


def test_the_rows_of_one_item_may_stand_apart(budget):
    load(csv(BASIC, PROJECT, BASIC.replace("30201", "30202")), budget)
    assert not load(csv(BASIC, BASIC.replace("30201", "30202"), PROJECT), budget)


def test_a_draft_that_has_moved_on_is_not_overwritten(budget):
    load(csv(BASIC), budget)
    reading = read(csv(BASIC.replace("1.81", "2.00")), budget)
    factories.make_item(budget, "别人加的")
    before = factories.fingerprint()
    with pytest.raises(writing.Conflicted):
        lines.apply(reading.desired, budget, by=None)
    assert factories.fingerprint() == before


def test_a_thousand_lines_are_changed_and_removed_in_bulk(budget, django_assert_max_num_queries):
    rows = [BASIC.replace("办公费", f"费用{at}") for at in range(1000)]
    load(csv(*rows), budget)
    with django_assert_max_num_queries(60):
        written = load(csv(*(row.replace("1.81", "1.82") for row in rows)), budget)
    assert len(written.edited) == 1000
    assert set(stored(budget).values()) == {Decimal("18200.00")}
    assert set(Line.objects.of(budget).values_list("version", flat=True)) == {2}
    with django_assert_max_num_queries(150):
        written = load(csv(BASIC), budget)
    assert len(written.removed) == 2000
    assert Line.objects.of(budget).count() == Item.objects.of(budget).count() == 1
    assert ChangeRecord.objects.filter(chain=budget.chain, action="remove").count() == 2000
    assert history.broken(budget.chain) is None
