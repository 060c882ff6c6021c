"""The year's classification: loaded whole, twice the same, with its parents; what is in use is never dropped."""

import csv
import shutil
from io import StringIO

import openpyxl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from budget import classifications
from budget.classifications import DATA, Refused, load_edition
from budget.models import (
    Budget,
    DepartmentEconomicClass,
    EconomicPair,
    Edition,
    FunctionalClass,
    FundSource,
    GovernmentEconomicClass,
)
from tests import factories
from tests.timing import least_seconds

pytestmark = pytest.mark.django_db

TABLES = ("functional", "department_economic", "government_economic", "fund_sources", "pairs")


@pytest.fixture
def folder(tmp_path):
    """A copy of the 2024 files, to be changed."""
    return shutil.copytree(DATA / "2024", tmp_path / "codes")


def edit(folder, table, change):
    """Rewrite a table: `change` gets and gives its rows as lists, the header first."""
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = change(list(csv.reader(file)))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def without(*codes):
    return lambda rows: [row for row in rows if row[0] not in codes]


def renamed(code, name):
    return lambda rows: [[row[0], name, *row[2:]] if row[0] == code else row for row in rows]


def refusal(folder, year=2024) -> list[str]:
    before = factories.fingerprint()
    with pytest.raises(Refused) as refused:
        load_edition(year, folder)
    assert factories.fingerprint() == before
    return refused.value.errors


def test_the_edition_of_2024_is_whole():
    report = load_edition(2024)
    edition = report.edition
    assert report.is_new and report.previous_year is None
    assert edition.source == "budget/data/2024"
    for model, count in (
        (FunctionalClass, 1060),
        (DepartmentEconomicClass, 112),
        (GovernmentEconomicClass, 86),
        (FundSource, 16),
    ):
        assert model.objects.of(edition).count() == count
    leaf = FunctionalClass.objects.select_related("parent__parent").get(edition=edition, code="2060101")
    assert (leaf.is_leaf, leaf.parent.code, leaf.parent.parent.code) == (True, "20601", "206")
    assert {len(code) for code in FunctionalClass.objects.leaves().values_list("code", flat=True)} == {7}
    assert {len(code) for code in DepartmentEconomicClass.objects.leaves().values_list("code", flat=True)} == {5}
    assert not FunctionalClass.objects.filter(is_leaf=False, code__regex="^.{7}$").exists()


def test_unspecified_is_a_flagged_leaf_of_each_class_and_of_no_fund():
    edition = load_edition(2024).edition
    for model, code in (
        (FunctionalClass, "0000000"),
        (DepartmentEconomicClass, "00000"),
        (GovernmentEconomicClass, "00000"),
    ):
        row = model.objects.get(edition=edition, is_unspecified=True)
        assert (row.code, row.name, row.is_leaf, row.parent) == (code, "未细化", True, None)
    assert not FundSource.objects.filter(is_unspecified=True).exists()
    assert EconomicPair.objects.filter(
        economic__is_unspecified=True, government__is_unspecified=True, nature=""
    ).exists()


def test_funds_are_a_tree_by_their_codes():
    load_edition(2024)
    parents = dict(FundSource.objects.values_list("code", "parent__code"))
    assert (parents["11111"], parents["111"], parents["31"], parents["2"]) == ("111", "11", "3", None)
    leaves = set(FundSource.objects.leaves().values_list("code", flat=True))
    assert {"11111", "11112", "121", "2", "31"} <= leaves
    assert not leaves & {"1", "11", "111", "12", "3"}
    assert FundSource.objects.get(code="11111").label == "一般公共预算"


def test_pairs_keep_the_order_of_the_file():
    load_edition(2024)
    pairs = EconomicPair.objects.order_by("pk")
    assert [pair.government.code for pair in pairs.filter(economic__code="30107", nature="行政")] == ["50199", "50101"]
    assert pairs.filter(economic__code="30301").get().nature == ""


def test_loading_again_changes_nothing():
    load_edition(2024)
    names = [field.attname for field in FunctionalClass._meta.concrete_fields]
    before = list(FunctionalClass.objects.values_list(*names)), list(EconomicPair.objects.values_list("pk", flat=True))
    report = load_edition(2024)
    assert not report and not report.is_new
    after = list(FunctionalClass.objects.values_list(*names)), list(EconomicPair.objects.values_list("pk", flat=True))
    assert after == before


def test_a_thousand_codes_load_in_bulk(django_assert_max_num_queries):
    with django_assert_max_num_queries(80):
        load_edition(2024)


@pytest.mark.benchmark
def test_loading_takes_little_longer_than_reading_the_files_and_writing_the_rows():
    models = (FunctionalClass, DepartmentEconomicClass, GovernmentEconomicClass, FundSource)
    other = Edition.objects.create(year=2001, loaded=timezone.now())
    load_edition(2024)
    kept = [
        (model, list(model.objects.filter(edition__year=2024).values("code", "name", "is_leaf"))) for model in models
    ]

    def bare():
        for table in TABLES:
            list(csv.DictReader(StringIO((DATA / "2024" / f"{table}.csv").read_text("utf-8-sig"), newline="")))
        with transaction.atomic():
            for model, rows in kept:
                model.objects.bulk_create(model(edition=other, **row) for row in rows)
            transaction.set_rollback(True)

    def load():
        with transaction.atomic():
            load_edition(2025, DATA / "2024")
            transaction.set_rollback(True)

    plain, loading = least_seconds(bare, load)
    print(f"\n载入编码：{loading * 1000:.0f} ms，直接写入的 {loading / plain:.2f} 倍")
    assert loading <= 6 * plain


def test_a_changed_edition_says_what_it_adds_renames_and_drops(folder):
    load_edition(2024)
    edit(folder, "functional", renamed("2060199", "其他科学技术管理事务支出（新）"))
    edit(folder, "functional", without("2060103"))
    edit(folder, "functional", lambda rows: [*rows, ["2060198", "新设一项", "3", "20601", "seen", ""]])
    edit(folder, "pairs", lambda rows: [*rows, ["30102", "行政", "50102", "seen"]])
    report = load_edition(2024, folder)
    difference = report.stored["支出功能分类"]
    assert difference.added == ["2060198 新设一项"]
    assert [text.split(" → ")[1] for text in difference.renamed] == ["其他科学技术管理事务支出（新）"]
    assert [text.split(" ")[0] for text in difference.dropped] == ["2060103"]
    assert report.stored["经济分类对应关系"].added == ["30102 行政 → 50102"]
    assert report.edition.source == "codes"
    assert load_edition(2024, folder).stored["支出功能分类"].added == []


def test_another_year_is_an_edition_of_its_own_compared_with_the_year_before(folder):
    load_edition(2024)
    edit(folder, "department_economic", renamed("30101", "基本工资（新）"))
    edit(folder, "department_economic", without("39999"))
    edit(folder, "pairs", without("39999"))
    report = load_edition(2025, folder)
    assert (report.is_new, report.previous_year) == (True, 2024)
    difference = report.previous["部门预算支出经济分类"]
    assert difference.renamed == ["30101 基本工资 → 基本工资（新）"]
    assert [text.split(" ")[0] for text in difference.dropped] == ["39999"]
    assert DepartmentEconomicClass.objects.get(edition__year=2024, code="30101").name == "基本工资"


def test_missing_parents_are_all_named(folder):
    edit(folder, "functional", without("20601", "207"))
    texts = refusal(folder)
    assert any("“2060101 行政运行”缺少上级科目 20601" in text for text in texts)
    assert any("缺少上级科目 207" in text for text in texts)
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    ("table", "row", "said"),
    [
        ("functional", ["206010", "六位", "3", "20601", "", ""], "“206010”是6位"),
        ("functional", ["2060101", "重复", "3", "20601", "", ""], "“2060101”与 functional.csv A"),
        ("functional", ["2060197", "", "3", "20601", "", ""], "未填写"),
        ("functional", ["2060197", "错上级", "3", "20602", "", ""], "的上级应为 20601，文件中为 20602"),
        ("pairs", ["30101", "企业", "50101", ""], "“企业”应为行政、事业或全部"),
        ("pairs", ["30101", "行政", "59998", ""], "30101 → 59998：科目表中没有这样的末级科目"),
        ("pairs", ["30101", "行政", "50101", ""], "对应关系与"),
        ("fund_sources", ["4999", "没有上级", "", ""], "缺少上级科目 499"),
    ],
)
def test_a_fault_in_a_file_refuses_the_whole(folder, table, row, said):
    edit(folder, table, lambda rows: [*rows, row])
    texts = refusal(folder)
    assert len(texts) == 1 and said in texts[0]


def test_a_code_in_use_is_not_dropped(folder):
    factories.make_line(factories.make_item(factories.make_budget()), 10000)
    edit(folder, "functional", without("2060101"))
    edit(folder, "fund_sources", without("11111"))
    texts = refusal(folder)
    assert texts == [
        "支出功能分类 2060101 行政运行：文件中没有，但有1条预算明细使用，不能删除。",
        "资金性质 11111 经费拨款补助：文件中没有，但有1条预算明细使用，不能删除。",
    ]


def test_a_code_in_use_is_not_refined(folder):
    edition = factories.make_edition()
    factories.make_line(factories.make_item(factories.make_budget()), 10000, fund="31")
    edit(folder, "fund_sources", lambda rows: [*rows, ["311", "事业收入之一", "", ""]])
    assert refusal(folder) == ["资金性质 31 事业收入资金：有1条预算明细使用，不能再设下级科目。"]
    assert FundSource.objects.get(edition=edition, code="31").is_leaf


def test_a_name_that_a_submitted_budget_prints_stays(folder):
    budget = factories.make_budget()
    edit(folder, "functional", renamed("2060101", "行政运行（新）"))
    clerk = factories.make_user()
    Budget.objects.filter(pk=budget.pk).update(state="submitted", submitted=timezone.now(), submitted_by=clerk)
    [text] = refusal(folder)
    assert text.startswith("支出功能分类 2060101 行政运行 → 行政运行（新）：已有送审的预算使用2024年科目")


def test_a_workbook_with_a_sheet_for_each_table_will_do(folder, tmp_path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    titles = dict(
        zip(TABLES, ("支出功能分类", "部门经济分类", "government_economic", "资金性质", "对应关系"), strict=True)
    )
    for table, title in titles.items():
        sheet = book.create_sheet(title)
        with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                sheet.append([int(cell) if cell.isdigit() and table != "pairs" else cell for cell in row])
    path = tmp_path / "科目.xlsx"
    book.save(path)
    load_edition(2024, path)
    assert not load_edition(2024)


def test_one_table_alone_is_loaded_into_an_edition_that_is_there(folder):
    path = folder / "functional.csv"
    assert "尚未装载" in refusal(path)[0] and "资金性质" in refusal(path)[0]
    load_edition(2024)
    edit(folder, "functional", renamed("2060102", "改名"))
    report = load_edition(2024, path)
    assert list(report.stored) == ["支出功能分类"]
    assert EconomicPair.objects.count() == 171


def test_a_pair_keeps_its_code_when_only_the_codes_are_loaded(folder):
    load_edition(2024)
    edit(folder, "department_economic", without("39999"))
    assert "使用，不能删除" in refusal(folder / "department_economic.csv")[0]


def test_the_command_tells_and_refuses(folder):
    out = StringIO()
    call_command("load_classifications", year=2024, stdout=out)
    assert "支出功能分类：新增1059个，改名0个，取消0个" in out.getvalue()
    edit(folder, "functional", renamed("2060102", "改名"))
    out = StringIO()
    call_command("load_classifications", "--year", "2024", "--from", str(folder), stdout=out)
    assert "改名 2060102 一般行政管理事务 → 改名" in out.getvalue()
    out = StringIO()
    call_command("load_classifications", "--year", "2024", "--from", str(folder), stdout=out)
    assert "没有变化" in out.getvalue()
    edit(folder, "functional", without("201"))
    err = StringIO()
    with pytest.raises(CommandError, match="没有写入任何内容"):
        call_command("load_classifications", "--year", "2024", "--from", str(folder), stdout=out, stderr=err)
    assert "缺少上级科目 201" in err.getvalue()
    with pytest.raises(CommandError, match="1处错误"):
        call_command("load_classifications", "--year", "2031", stdout=out, stderr=err)


def test_the_data_that_come_with_the_product_have_every_table():
    assert {path.stem for path in (DATA / "2024").glob("*.csv")} == set(TABLES) == {*classifications.MODELS, "pairs"}
