"""What is published is kept whole: equal contents are equal bytes, and what was kept is printed again as it was."""

import json

import pytest
from django.template.loader import render_to_string

from budget.books import select
from budget.models import Line
from budget.reporting import csv_text, html, json_form
from organisation.models import Unit
from publication.document import document_of
from publication.frozen import Approval, Frozen, fingerprint, frozen_of
from tests import beginnings
from tests.factories import make_item, make_line
from tests.publication.test_document_files import withhold

pytestmark = pytest.mark.django_db


@pytest.fixture
def budget(db):
    return beginnings.demonstration(with_people=False)


def frozen(code="566"):
    return frozen_of(select(Unit.objects.get(code=code), 2024))


def marked_up(grid):
    return render_to_string("reporting/table.html", {"table": html.table_of(grid)})


def test_what_was_kept_is_equal_to_the_last_byte(budget):
    first = frozen()
    again = Frozen.from_json(first.to_json())
    assert again == first and again.to_json() == first.to_json()
    assert frozen().to_json() == first.to_json()
    assert fingerprint(first) == fingerprint(again) and len(fingerprint(first)) == 64


def test_tables_are_printed_from_what_was_kept_as_they_were(budget):
    document = document_of(select(Unit.objects.get(code="566"), 2024))
    again = Frozen.from_json(frozen().to_json())
    assert [grid.key for grid in again.grids] == [grid.key for grid in document.grids]
    for kept, grid in zip(again.grids, document.grids, strict=True):
        assert marked_up(kept) == marked_up(grid)
        assert csv_text.csv_bytes(kept) == csv_text.csv_bytes(grid)
    assert json_form.json_text(again.grids) == json_form.json_text(document.grids)
    assert again.grid("expenditure").fen("total", "total") == 393_520_000
    text = [block.text for part in again.parts for block in part.blocks]
    assert text == [block.text for _, block in document.narrative.paragraphs()]


def test_one_changed_amount_is_another_content(budget):
    before = fingerprint(frozen())
    make_line(make_item(budget, "新项目", "3"), 100)
    assert fingerprint(frozen()) != before


def test_money_is_all_there_and_every_code_has_its_name(budget):
    one = frozen("566001")
    assert sum(row.fen for row in one.spending) == 100 * sum(Line.objects.values_list("amount", flat=True))
    assert sum(row.fen for row in one.income) == one.grid("revenue").fen("total", "total")
    for row in one.spending:
        for dimension in ("unit", "category", "function", "economic", "government", "fund"):
            assert one.names[dimension][getattr(row, dimension)]
        assert one.names["function"][row.function[:3]] and one.names["economic"][row.economic[:3]]
    assert {len(code) for code in one.names["function"]} == {3, 5, 7}


def test_years_that_are_known_stand_beside_each_other(budget):
    series = {one.label: one.values for one in frozen().series}
    assert series["支出总计"] == ((2022, None), (2023, 242_730_000), (2024, 393_520_000))
    assert [year for year, _ in series["“三公”经费"]] == [2022, 2023, 2024]


def test_nothing_of_a_project_that_is_left_out_is_kept(budget):
    withhold(budget, "科技经费", "补充解放区科技贷款贴息专项资金")
    one = frozen()
    kept = json.dumps(json.loads(one.to_json()), ensure_ascii=False)
    assert "科技经费" not in kept and "补充解放区科技贷款贴息专项资金" not in kept
    uids = [str(budget.items.get(name=name).uid) for name in ("科技经费", "补充解放区科技贷款贴息专项资金")]
    assert not any(uid in kept for uid in uids)
    assert len(one.projects) == 5
    assert sum(row.fen for row in one.spending) == 393_520_000


def test_an_approval_has_its_day_as_people_write_it():
    assert Approval("焦解财预〔2024〕1号", "2024-02-01").day == "2024年2月1日"
