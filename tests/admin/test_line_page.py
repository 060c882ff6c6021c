"""All lines of a budget in one form: large, whole or not at all, and only what was touched."""

from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budget import writing
from budget.models import Budget, FunctionalClass, Item, Line
from records.models import ChangeRecord
from tests.factories import fingerprint, make_budget, make_item, make_line

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
LINES = 200


def address(budget) -> str:
    return reverse("admin:budget_budget_lines", args=[budget.pk])


def posted(response) -> dict:
    """What a browser would send back of the page, untouched."""
    found = {}
    for row in response.context["sheet"].rows:
        found[f"row-{row.number}-key"] = row.key
        for column, value in row.cells.items():
            if column != "carried_over" or value:
                found[f"row-{row.number}-{column}"] = value
        if not row.cells:
            found[f"row-{row.number}-item"] = ""
    return found


def save(client, budget, values: dict):
    return client.post(address(budget), urlencode(values), content_type=FORM)


def row_of(response, **cells) -> int:
    """The number of the row with these cells."""
    rows = response.context["sheet"].rows
    (number,) = [row.number for row in rows if all(row.cells.get(name) == value for name, value in cells.items())]
    return number


def wrong(response) -> list[tuple[int, str, str]]:
    return [
        (row.number, column, message)
        for row in response.context["sheet"].rows
        for column, messages in row.errors.items()
        for message in messages
    ]


@pytest.fixture
def budget(own):
    """A draft with 200 lines of four items."""
    budget = own[Budget]
    base = own[Line]
    leaves = list(FunctionalClass.objects.filter(edition=base.function.edition, is_leaf=True, is_unspecified=False))
    changes = []
    for number in range(4):
        item = make_item(budget, f"事项{number}")
        changes += [
            writing.Add(
                Line(
                    item=item,
                    function=function,
                    economic=base.economic,
                    government=base.government,
                    fund=base.fund,
                    amount=Decimal(100 * (at + 1)),
                )
            )
            for at, function in enumerate(leaves[: LINES // 4])
        ]
    writing.write(budget, changes[: LINES - 1], by=None, via="command")
    return Budget.objects.get(pk=budget.pk)


def test_two_hundred_lines_open_and_save_in_one_form(clerk, budget, django_assert_max_num_queries):
    assert Line.objects.of(budget).count() == LINES
    with django_assert_max_num_queries(15):
        page = clerk.get(address(budget))
    values = posted(page)
    assert len(values) > 1000  # more than Django reads of a form
    for row in page.context["sheet"].rows[:LINES]:
        values[f"row-{row.number}-amount"] = str(Decimal(row.cells["amount"]) + 100)
    with django_assert_max_num_queries(30):
        response = save(clerk, budget, values)
    assert response.status_code == 302
    assert Budget.objects.get(pk=budget.pk).version == budget.version + 1
    assert set(Line.objects.of(budget).values_list("version", flat=True)) == {2}
    records = ChangeRecord.objects.filter(chain=budget.chain, via="admin", action="edit")
    assert records.count() == LINES
    assert records.values("operation").distinct().count() == 1


def test_only_the_changed_row_is_written(clerk, budget):
    page = clerk.get(address(budget))
    values = posted(page)
    before = fingerprint()
    assert save(clerk, budget, values).status_code == 302
    assert fingerprint() == before
    number = row_of(page, item="公用经费·办公费本")
    values[f"row-{number}-amount"] = "20,000"
    assert save(clerk, budget, values).status_code == 302
    assert list(Line.objects.filter(version=2).values_list("amount", flat=True)) == [Decimal("20000.00")]


def test_a_row_that_nobody_touched_here_is_no_conflict(clerk, budget, own):
    page = clerk.get(address(budget))
    values = posted(page)
    line = own[Line]
    writing.write(budget, [writing.Edit(Line, line.uid, 1, {"amount": Decimal("300.00")})], by=None, via="form")
    other = row_of(page, item="公用经费·事项0", amount="100.00")
    values[f"row-{other}-amount"] = "500"
    assert save(clerk, budget, values).status_code == 302
    assert Line.objects.get(pk=line.pk).amount == Decimal("300.00")


def test_a_conflict_shows_both_values_and_saving_again_decides(clerk, budget, own):
    page = clerk.get(address(budget))
    values, line = posted(page), own[Line]
    writing.write(budget, [writing.Edit(Line, line.uid, 1, {"amount": Decimal("300.00")})], by=None, via="form")
    number = row_of(page, item="公用经费·办公费本")
    values[f"row-{number}-amount"] = "400"
    response = save(clerk, budget, values)
    ((at, column, message),) = wrong(response)
    assert (at, column) == (number, "amount")
    assert "“300.00”" in message
    assert "“400.00”" in message
    assert save(clerk, budget, posted(response)).status_code == 302
    assert Line.objects.get(pk=line.pk).amount == Decimal("400.00")


def test_a_line_taken_away_meanwhile_is_not_lost(clerk, budget, own):
    page = clerk.get(address(budget))
    values, line = posted(page), own[Line]
    writing.write(budget, [writing.Remove(Line, line.uid, 1)], by=None, via="form")
    number = row_of(page, item="公用经费·办公费本")
    values[f"row-{number}-amount"] = "400"
    response = save(clerk, budget, values)
    assert "已被他人删除" in wrong(response)[0][2]
    assert save(clerk, budget, posted(response)).status_code == 302
    assert Line.objects.filter(item=line.item, amount=Decimal("400.00")).count() == 1


def test_rows_are_added_and_removed_and_items_with_them(clerk, own):
    budget = own[Budget]
    page = clerk.get(address(budget))
    values = posted(page)
    values |= {
        "row-0-remove": "on",
        "new-0-category": "3",
        "new-0-name": "新专项",
        "new-0-nature": "行政",
        "row-7-item": "新专项",
        "row-7-function": "2060101",
        "row-7-economic": "30201",
        "row-7-fund": "一般公共预算",
        "row-7-amount": "12,300.00",
        "row-8-item": f"特定目标类·{own[Item].name}",
        "row-8-function": "2060101",
        "row-8-fund": "11111",
        "row-8-carried_over": "on",
        "row-8-amount": "100",
    }
    assert save(clerk, budget, values).status_code == 302
    assert not Line.objects.filter(pk=own[Line].pk).exists()
    new = Line.objects.get(item__name="新专项")
    assert (new.government.code, new.amount, new.carried_over) == ("50201", Decimal("12300.00"), False)
    vague = Line.objects.get(item=own[Item])
    assert (vague.economic.is_unspecified, vague.government.is_unspecified, vague.carried_over) == (True, True, True)
    actions = ChangeRecord.objects.filter(chain=budget.chain, via="admin").values_list("action", flat=True)
    assert sorted(actions) == ["add", "add", "add", "remove"]


def test_one_wrong_row_and_nothing_is_written(clerk, budget):
    page = clerk.get(address(budget))
    values, before = posted(page), fingerprint()
    first, second, third = (row_of(page, item=f"公用经费·事项{at}", amount="100.00") for at in range(3))
    values[f"row-{first}-amount"] = "500"
    values[f"row-{second}-amount"] = "1O0"
    values[f"row-{third}-function"] = "20601"
    response = save(clerk, budget, values)
    assert [(number, column) for number, column, _ in wrong(response)] == [(second, "amount"), (third, "function")]
    shown = response.content.decode()
    assert f'href="#row-{second}"' in shown
    assert 'value="1O0"' in shown
    assert 'value="500"' in shown
    values[f"row-{second}-amount"] = "150"
    values[f"row-{third}-function"] = "2060101"
    response = save(clerk, budget, values)
    assert [(number, column) for number, column, _ in wrong(response)] == [(second, "amount")]
    assert "0.01万元" in wrong(response)[0][2]
    assert fingerprint() == before


def test_two_equal_rows_are_refused_at_the_row(clerk, own):
    budget, line = own[Budget], own[Line]
    values = posted(clerk.get(address(budget)))
    row = {"item": "办公费本", "function": line.function.code, "economic": "30201", "fund": "11111", "amount": "100"}
    values |= {f"row-1-{column}": value for column, value in row.items()}
    response = save(clerk, budget, values)
    assert [(number, "请合并金额" in message) for number, _, message in wrong(response)] == [(1, True)]


@pytest.mark.parametrize("key", ["", "x", "00000000-0000-0000-0000-000000000000:1:000000000000"])
def test_a_forged_row_reaches_no_other_budget(clerk, own, other, key):
    line = other[Line]
    key = key or f"{line.uid}:{line.version}:000000000000"
    before = Line.objects.get(pk=line.pk).amount
    row = {"key": key, "item": other[Item].name, "fund": "11111", "amount": "100", "function": "2060101"}
    response = save(clerk, own[Budget], {f"row-0-{column}": value for column, value in row.items()})
    assert "不是本预算的项目" in wrong(response)[0][2]
    row["item"] = own[Item].name
    save(clerk, own[Budget], {f"row-0-{column}": value for column, value in row.items()})
    assert Line.objects.get(pk=line.pk).amount == before


def test_another_units_page_is_not_there(clerk, own, other):
    theirs, none = (clerk.get(f"/admin/budget/budget/{pk}/lines/") for pk in (other[Budget].pk, 987654))
    assert (theirs.status_code, none.status_code) == (404, 404)
    assert theirs.content == none.content
    assert save(clerk, other[Budget], {}).status_code == 404


def test_who_may_only_look_sees_no_inputs(log_in, own):
    client = log_in("reviewer")
    page = client.get(address(own[Budget])).content.decode()
    assert "18100.00" in page
    assert 'name="row-0-amount"' not in page
    assert save(client, own[Budget], {"row-0-item": "x"}).status_code == 403


def test_a_submitted_budget_is_read_only(clerk, own):
    budget = own[Budget]
    values = posted(clerk.get(address(budget)))
    Budget.objects.filter(pk=budget.pk).update(state="submitted", submitted=timezone.now())
    before = fingerprint()
    page = clerk.get(address(budget)).content.decode()
    assert "本预算待审核，不能修改" in page
    assert 'name="row-0-amount"' not in page
    response = save(clerk, budget, {**values, "row-0-amount": "500"})
    assert "不能修改" in response.content.decode()
    assert fingerprint() == before


def test_a_foreign_form_is_refused(own, log_in):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(log_in("clerk").user)
    before = fingerprint()
    assert save(strict, own[Budget], {"row-0-item": "x"}).status_code == 403
    strict.get(address(own[Budget]))
    token = strict.cookies["csrftoken"].value
    assert save(strict, own[Budget], {"csrfmiddlewaretoken": token}).status_code == 302
    assert fingerprint() == before


def test_a_form_that_is_none_is_refused(clerk, own):
    assert clerk.post(address(own[Budget]), {"a": "b"}).status_code == 400  # not the form's encoding
    body = "&".join(["a=b"] * 20_001)
    assert clerk.post(address(own[Budget]), body, content_type=FORM).status_code == 400
    assert clerk.post(address(own[Budget]), b"a=\xff", content_type=FORM).status_code in (302, 400)


def test_an_empty_budget_can_be_begun(clerk, own):
    budget = make_budget("566001", stage="first")
    page = clerk.get(address(budget))
    assert len(page.context["sheet"].rows) == 5
    new = {"new-0-category": "21", "new-0-name": "水费", "row-0-item": "水费", "row-0-function": "2060101"}
    new |= {"row-0-economic": "30205", "row-0-fund": "11111", "row-0-amount": "3000"}
    assert save(clerk, budget, new).status_code == 302
    assert Line.objects.get(item__budget=budget).government.code == "50201"
    make_line(Item.objects.get(budget=budget), 100, economic="30206")
