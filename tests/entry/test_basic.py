"""基本支出: what is typed is what is stored, and nothing else."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budget import owned
from budget.models import Budget, Item, Line
from organisation.models import User
from records.models import ChangeRecord
from tests.entry.pages import AT
from tests.factories import fingerprint, make_budget, make_item, make_line, make_user


def line_of(name: str) -> Line:
    return Line.objects.select_related("economic", "government", "function", "fund").get(item__name=name)


def test_saving_what_was_opened_changes_nothing(open_page):
    page = open_page()
    before = fingerprint()
    assert "没有改动" in page.saved().text
    assert fingerprint() == before


def test_the_page_asks_a_constant_few_times(clerk, budget):
    for number in range(40):
        make_line(make_item(budget, f"另加{number}"), 100)
    with CaptureQueriesContext(connection) as asked:
        assert clerk.get(f"{AT}basic/form/").status_code == 200
    assert len(asked) <= 12


def test_only_the_changed_row_is_written(open_page, budget):
    page = open_page()
    page["年终一次性奖金，第1行", "金额"] = "4.65"
    records = ChangeRecord.objects.count()
    after = page.saved()
    assert "已保存：修改 1 行" in after.text
    assert line_of("年终一次性奖金").amount == Decimal("46500.00")
    changed = ChangeRecord.objects.latest("sequence")
    assert ChangeRecord.objects.count() == records + 1
    assert (changed.before, changed.after) == ({"amount": "46000.00"}, {"amount": "46500.00"})
    assert (changed.via, changed.by.username) == ("form", "jingban")


def test_an_item_with_two_lines_is_entered_in_one_save(open_page, budget):
    page = open_page()
    item = page.row("项目，第32项", "项目名称")
    page.fields[f"{item}-name"] = "差旅及会议"
    line = page.row("明细，第1行", "部门经济分类")
    key = item.removeprefix("items_")
    page.fields.update({f"{line}-function": "2060101", f"{line}-economic": "差旅费", f"{line}-amount": "1.20"})
    grown = page.post(add=f"lines/{key}")
    assert grown.status == 200 and not Item.objects.filter(name="差旅及会议").exists()
    second = grown.row("差旅及会议，第2行", "部门经济分类")
    grown.fields.update({f"{second}-function": "2060101 行政运行", f"{second}-economic": "30215 会议费"})
    grown.fields[f"{second}-amount"] = "1,000"
    grown.saved()
    lines = Line.objects.filter(item__name="差旅及会议").order_by("economic__code")
    assert [(one.economic.code, one.government.code, one.fund.code, one.amount) for one in lines] == [
        ("30211", "50201", "11111", Decimal("12000.00")),
        ("30215", "50202", "11111", Decimal("10000000.00")),
    ]
    assert lines[0].item.category == "21" and lines[0].item.position > 30


def test_every_error_is_shown_at_once_at_its_field_and_nothing_is_lost(open_page):
    page = open_page()
    before = fingerprint()
    page["年终一次性奖金，第1行", "金额"] = "4.6O"
    page["规范性津贴补贴，第1行", "部门经济分类"] = "津贴补帖"
    page["国家保留津贴", "功能分类"] = "206"
    answer = page.post()
    assert answer.status == 422
    for message in ("“4.6O”不是数字：含字母O，是否应为0？", "可填：30102 津贴补贴", "不是末级科目"):
        assert message in answer.summary
        assert answer.text.count(message) == 2
    name = answer.name("年终一次性奖金，第1行", "金额")
    assert f'href="#id_{name}"' in answer.summary and f'id="id_{name}_error"' in answer.text
    assert answer["年终一次性奖金，第1行", "金额"] == "4.6O"
    assert fingerprint() == before
    answer["年终一次性奖金，第1行", "金额"] = "4.60"
    answer["规范性津贴补贴，第1行", "部门经济分类"] = "30102"
    answer["国家保留津贴", "功能分类"] = "2060101"
    assert "没有改动" in answer.saved().text


def test_what_the_writer_refuses_stands_at_its_row(open_page, budget):
    page = open_page()
    page["年终一次性奖金，第1行", "金额"] = "0"
    page["项目，第3项", "项目名称"] = "规范性津贴补贴"
    answer = page.post()
    assert "金额须大于0。" in answer.summary
    answer["年终一次性奖金，第1行", "金额"] = "4.60"
    assert "同一类别中已有同名项目。" in answer.post().summary


@pytest.mark.parametrize(("unit", "typed"), [("元", "360000"), ("万元", "36")])
def test_an_amount_counts_in_the_unit_that_the_page_was_made_in(open_page, unit, typed):
    User.objects.filter(username="jingban").update(amount_unit=unit)
    page = open_page()
    page["行政人员及机关技术人员年基本工资", "金额"] = typed
    User.objects.filter(username="jingban").update(amount_unit="元" if unit == "万元" else "万元")
    page.saved()
    assert line_of("行政人员及机关技术人员年基本工资").amount == Decimal(360000)


def test_the_government_class_follows_the_department_class_and_the_nature(open_page):
    page = open_page()
    page["年终一次性奖金，第1行", "部门经济分类"] = "30211"
    page["规范性津贴补贴，第1行", "政府经济分类"] = ""
    nature = page.row("项目，第1项", "性质")
    page.fields[f"{nature}-nature"] = "事业"
    page.saved()
    assert line_of("年终一次性奖金").government.code == "50201"
    assert line_of("规范性津贴补贴").government.code == "50101"
    assert line_of("行政人员及机关技术人员年基本工资").government.code == "50501"


def test_a_chosen_government_class_stays(open_page):
    page = open_page()
    page["年终一次性奖金，第1行", "政府经济分类"] = "50199"
    page = page.saved()
    page["年终一次性奖金，第1行", "部门经济分类"] = "30102"
    page.saved()
    assert line_of("年终一次性奖金").government.code == "50199"


def test_a_line_and_an_item_are_deleted(open_page, budget):
    page = open_page()
    line = page.row("年终一次性奖金，第1行", "金额")
    item = page.row("项目，第4项", "项目名称")
    name = page.fields[f"{item}-name"]
    page.fields.update({f"{line}-delete": "on", f"{item}-delete": "on"})
    page.fields[page.name(name, "第1行", "金额")] = "nonsense that goes with it"
    page.saved()
    assert Item.objects.filter(name="年终一次性奖金").exists()
    assert not Line.objects.filter(item__name="年终一次性奖金").exists()
    assert not Item.objects.filter(name=name).exists()


def test_a_narrowed_list_is_saved_without_touching_the_rest(open_page, budget):
    page = open_page("basic/form/?q=年终")
    assert len([name for name in page.fields if name.startswith("items_") and name.endswith("-row")]) == 2
    page["年终一次性奖金，第1行", "金额"] = "5"
    count = Line.objects.of(budget).count()
    assert page.saved().address.endswith("?q=%E5%B9%B4%E7%BB%88")
    assert Line.objects.of(budget).count() == count


def test_posting_twice_saves_once(open_page):
    page = open_page()
    item = page.row("项目，第32项", "项目名称")
    page.fields[f"{item}-name"] = "只有一个"
    page.saved()
    page.saved()
    assert Item.objects.filter(name="只有一个").count() == 1


# ---- two people


def test_two_people_on_different_rows_do_not_meet(open_page):
    mine, theirs = open_page(), open_page(username="guanli")
    theirs["规范性津贴补贴，第1行", "金额"] = "17.50"
    theirs.saved()
    mine["年终一次性奖金，第1行", "金额"] = "4.70"
    mine.saved()
    assert line_of("规范性津贴补贴").amount == Decimal(175000)


@pytest.mark.parametrize(("keep", "amount"), [("mine", 47000), ("theirs", 48000)])
def test_two_people_on_one_figure_choose(open_page, keep, amount):
    mine, theirs = open_page(), open_page(username="guanli")
    theirs["年终一次性奖金，第1行", "金额"] = "4.80"
    theirs["年终一次性奖金，第1行", "资金性质"] = "事业收入"
    theirs["年终一次性奖金，第1行", "资金性质"] = "一般公共预算"
    theirs.saved()
    mine["年终一次性奖金，第1行", "金额"] = "4.70"
    mine["规范性津贴补贴，第1行", "金额"] = "17.50"
    answer = mine.post()
    assert answer.status == 409
    assert "<td>4.80 万元</td><td>4.70 万元</td>" in answer.text
    assert line_of("规范性津贴补贴").amount == Decimal(174400)
    again = answer.post()
    assert again.status == 422 and "请选择保留哪一个" in again.summary
    again.fields[f"{again.row('年终一次性奖金，第1行', '金额')}-keep"] = keep
    again.saved()
    assert line_of("年终一次性奖金").amount == amount
    assert line_of("规范性津贴补贴").amount == Decimal(175000)


@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_an_item_that_somebody_deleted_can_be_had_back(open_page, keep):
    mine, theirs = open_page(), open_page(username="guanli")
    theirs.fields[f"{theirs.row('项目，第2项', '项目名称')}-delete"] = "on"
    theirs.saved()
    mine["年终一次性奖金，第1行", "金额"] = "4.70"
    answer = mine.post()
    assert answer.status == 409 and "已被他人删除" in answer.text
    item = answer.row("项目，第2项", "项目名称")
    answer.fields[f"{item}-keep"] = keep
    answer.saved()
    assert [line.amount for line in Line.objects.filter(item__name="年终一次性奖金")] == (
        [Decimal(47000)] if keep == "mine" else []
    )


def test_deleting_what_somebody_changed_is_a_choice(open_page):
    mine, theirs = open_page(), open_page(username="guanli")
    theirs["年终一次性奖金，第1行", "金额"] = "4.80"
    theirs.saved()
    mine.fields[f"{mine.row('年终一次性奖金，第1行', '金额')}-delete"] = "on"
    answer = mine.post()
    assert answer.status == 409 and line_of("年终一次性奖金").amount == 48000
    answer.fields[f"{answer.row('年终一次性奖金，第1行', '金额')}-keep"] = "mine"
    answer.saved()
    assert not Line.objects.filter(item__name="年终一次性奖金").exists()


# ---- rights, locks, forgery


def test_who_may_only_look_sees_the_page_and_cannot_write(open_page):
    page = open_page(username="shenhe")
    assert "readonly" in page.text and ">保存<" not in page.text and "data-add=" not in page.text
    before = fingerprint()
    page["年终一次性奖金，第1行", "金额"] = "4.65"
    assert page.post().status == 403
    assert fingerprint() == before


def test_another_unit_is_not_there(strange, clerk, outsider):
    assert clerk.get("/777001/2024/second/basic/form/").status_code == 404
    assert clerk.post("/777001/2024/second/basic/form/", {"draft": "x"}).status_code == 404
    assert outsider.get(f"{AT}basic/form/").status_code == 404
    assert outsider.post(f"{AT}basic/form/", {"draft": "x"}).status_code == 404


def test_a_row_of_another_unit_is_never_written(open_page, strange):
    foreign = Line.objects.get(item__budget=strange)
    page = open_page()
    line = page.row("年终一次性奖金，第1行", "金额")
    forged = f"lines_{foreign.uid.hex}"
    page.fields = {name.replace(line, forged): value for name, value in page.fields.items()}
    page.fields[f"{forged}-amount"] = "9"
    before = fingerprint()
    assert page.post().status == 409
    assert fingerprint() == before


def test_extra_fields_change_nothing(open_page):
    page = open_page()
    before = fingerprint()
    line = page.row("年终一次性奖金，第1行", "金额")
    page.fields.update({f"{line}-version": "9", f"{line}-item": "1", "budget": "1", "state": "approved", "x": "y"})
    page.saved()
    assert fingerprint() == before


@pytest.mark.parametrize("stamp", ["", "x", "n", "1.zz.", "99999999999.00000000.", "n..unknownparent"])
def test_a_broken_stamp_is_refused(open_page, stamp):
    page = open_page()
    page.fields[f"{page.row('年终一次性奖金，第1行', '金额')}-row"] = stamp
    assert page.post().status == 400


def test_a_submitted_budget_is_read_only_and_says_why(open_page, budget):
    page = open_page()
    page["年终一次性奖金，第1行", "金额"] = "4.65"
    from django.utils import timezone

    Budget.objects.filter(pk=budget.pk).update(state="submitted", submitted=timezone.now())
    before = fingerprint()
    answer = page.post()
    assert answer.status == 409 and "已送审" in answer.text and "没有保存" in answer.text
    assert answer["年终一次性奖金，第1行", "金额"] == "4.65"
    assert fingerprint() == before
    assert "已送审" in open_page().text


def test_a_form_of_an_earlier_revision_overwrites_nothing_unseen(open_page, budget):
    page = open_page()
    page["年终一次性奖金，第1行", "金额"] = "4.70"
    page.fields["draft"] = "0" * 32
    assert page.post().status == 409


def test_of_a_department_the_units_are_offered(client_of, budget):
    client = client_of("zhuguan")
    assert client.get("/566/2024/second/basic/form/").url == f"{AT}basic/form/"
    make_budget("566002")
    answer = client.get("/566/2024/second/basic/form/").content.decode()
    assert "/566002/2024/second/basic/form/" in answer and "选择单位" in answer
    assert client.post("/566/2024/second/basic/form/", {"draft": ""}).status_code == 404


def test_a_clerk_of_two_units_writes_in_both(budget):
    other = make_budget("566002")
    user = make_user("clerk", "566002")
    assert owned.rows_of(Item, other).count() == 0
    from django.test import Client

    from tests.entry.pages import Page

    client = Client()
    client.force_login(user)
    page = Page(client, "/566002/2024/second/basic/form/")
    page["项目，第1项", "项目名称"] = "办公费"
    page.saved()
    assert Item.objects.get(budget=other).name == "办公费"
    assert client.get(f"{AT}basic/form/").status_code == 404


@pytest.mark.parametrize("text", ["9" * 5000, "\x00", "=1+1", "<script>", "😀" * 200, "１２．５", "-1", "1e9"])
def test_whatever_is_typed_there_is_an_answer(open_page, text):
    page = open_page()
    for name in list(page.fields):
        if name.endswith(("-amount", "-name", "-function", "-economic", "-fund", "-category", "-nature")):
            page.fields[name] = text
            break
    page["年终一次性奖金，第1行", "金额"] = text
    page["规范性津贴补贴，第1行", "功能分类"] = text
    page["规范性津贴补贴，第1行", "资金性质"] = text
    assert page.post().status in (302, 422)
