"""The text: golden, in every case of every sentence, and never with a figure that is typed."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from budget import writing
from budget.books import select
from budget.models import IncomeEstimate, LastYearFigure, Line, Reason, SpecialTransfer
from budget.reporting import registry
from publication.document import document_of
from publication.narrative import wording
from publication.narrative.problems import problems, problems_of, text_problems
from publication.narrative.values import Amount, numeral
from publication.sets.henan_jiaozuo_2024_text import TEXT
from publication.text_check import check_text
from publication.text_rules import plain
from tests import beginnings
from tests.factories import make_budget, make_item, make_line, make_unit
from tests.plain_books import budgets
from tests.publication.ledger import differences
from tests.stored_books import store

GOLDEN = Path(__file__).parents[1] / "golden"
FIGURE = re.compile(r"\d+(?:\.\d+)?(?=万元|%)")


@pytest.fixture
def budget(db):
    return beginnings.demonstration(with_people=False)


def text_of(code="566", **kwargs):
    from organisation.models import Unit

    return document_of(select(Unit.objects.get(code=code), 2024), **kwargs).narrative


def paragraph(narrative, begin):
    """The text of the paragraph or sentence that has this sentence in it."""
    return next(block.text for _, block in narrative.paragraphs() if any(said.id == begin for said in block.sentences))


def test_the_text_of_the_reference_is_the_golden_one(budget):
    assert text_of().plain() == (GOLDEN / "narrative.txt").read_text("utf-8")


def test_a_department_of_which_one_unit_has_come_so_far_is_not_said_to_have_no_other(budget):
    assert "无所属单位预算在内汇总预算" in text_of().plain()
    make_unit("566002", name="服务中心")
    text = text_of().plain()
    assert "无所属单位预算在内汇总预算" not in text and "预算单位共1个" in text and "服务中心没有编制预算" in text


def test_a_unit_speaks_of_itself_as_a_unit_in_text_and_tables(budget):
    from organisation.models import Unit

    for code, kind, other in (("566", "部门", "单位"), ("566001", "单位", "部门")):
        document = document_of(select(Unit.objects.get(code=code), 2024))
        grids = {grid.key: grid for grid in document.grids}
        assert grids["revenue_and_expenditure"].title == f"2024年{kind}收支预算表"
        assert grids["expenditure"].organisation_label == f"{kind}名称"
        assert grids["government_fund_expenditure"].statement.startswith(f"我{kind}2024年没有使用")
        second = document.narrative.parts[1]
        said = "".join(block.text for block in second.blocks).replace("预算部门构成", "")
        assert f"我{kind}2024年没有使用" in said and f"按要求编制了{kind}整体绩效目标" in said
        assert f"我{other}2024年没有使用" not in said


def test_every_figure_of_the_published_second_part_is_in_ours_under_the_same_heading(budget):
    """Amounts and shares, heading by heading, zeros apart: the published one says 增长0% of nothing."""

    def by_heading(text):
        found, heading = {}, ""
        second = text[text.index("情况说明\n", text.index("第二部分", 600)) :]
        for line in second[: second.index("第三部分")].splitlines():
            if opens := re.match(r"[#*\s]*([一二三四五六七八九十])、", line):
                heading = opens[1]
            found.setdefault(heading, []).extend(Decimal(one) for one in FIGURE.findall(plain(line)))
        return {key: {one for one in values if one} for key, values in found.items() if key}

    published = (GOLDEN / "source.md").read_text("utf-8").replace("# 焦作市解放区", "焦作市解放区")
    published = re.sub(r"增长\s+62\.12%", "增长62.12%", published).replace("预算情况说明\n", "情况说明\n")
    ours = by_heading(text_of().plain())
    theirs = by_heading(published)
    assert len(theirs) == 10
    assert {key: values - ours[key] for key, values in theirs.items()} == {key: set() for key in theirs}
    assert {key: values - theirs[key] for key, values in ours.items()} == {key: set() for key in theirs}


def test_every_figure_in_the_text_leads_to_the_cell_that_prints_it(budget):
    from organisation.models import Unit

    document = document_of(select(Unit.objects.get(code="566"), 2024))
    runs = [run for _, block in document.narrative.paragraphs() for run in block.runs if run.at]
    assert len(runs) > 40
    for run in runs:
        grid = document.book.grid(run.at.table)
        fen = grid.fen(run.at.row, run.at.column)
        assert fen, run
        if re.fullmatch(r"[\d.]+", run.text):
            before = fen - int(Decimal(run.text) * 1_000_000)
            assert run.text == f"{Decimal(fen) / 1_000_000:.2f}" or before > 0, run


def test_one_changed_amount_changes_tables_and_text_together(budget):
    item = budget.items.get(name="科技经费")
    line = Line.objects.get(item=item)
    before = text_of().plain()
    writing.write(
        budget, [writing.Edit(Line, line.uid, line.version, {"amount": Decimal(40_000)})], by=None, via="command"
    )
    from organisation.models import Unit

    document = document_of(select(Unit.objects.get(code="566"), 2024))
    after = document.narrative.plain()
    assert "393.52" in before and "393.52" not in after
    for expected in ("收入总计394.52万元", "项目支出194.00万元", "增加151.79万元", "科学技术支出345.53万元"):
        assert expected in after
    assert document.book.grid("projects").fen("total", "total") == 194_000_000


# ---- cases


@pytest.mark.parametrize(
    ("now", "before", "case"),
    [
        (200, 100, "increase"),
        (100, 200, "decrease"),
        (100, 100, "same"),
        (100, 0, "new"),
        (0, 100, "gone"),
        (0, 0, "nothing"),
        (100, None, "unknown"),
        (0, None, "unknown"),
    ],
)
def test_a_change_has_one_case(now, before, case):
    wan = 1_000_000
    value = Amount(now * wan, "万元", None if before is None else before * wan)
    assert value.change_case == case


def test_a_change_that_prints_nothing_is_none():
    assert Amount(1_000_001, "万元", 1_000_000).change_case == "same"
    grown = Amount(1_000_000_010_000, "万元", 1_000_000_000_000)
    assert grown.change_case == "increase"
    assert grown.runs("rate")[0].text == "不足0.01%"


@pytest.mark.parametrize(
    ("before", "says", "never"),
    [
        ("1000", "增加0.10万元，增长100.00%，主要原因：厉行节约", "减少"),
        ("2500", "减少0.05万元，下降20.00%，主要原因：厉行节约", "增长"),
        ("2000", "与上年预算数相比持平，主要原因：厉行节约", "%"),
        ("0", "为本年新增，主要原因：厉行节约", "%"),
        (None, "上年数缺，未与上年比较", "%"),
    ],
)
def test_a_sentence_says_what_happened(budget, before, says, never):
    figure = LastYearFigure.objects.get(budget=budget, table="three_public", column="reception")
    if before is None:
        change = writing.Remove(LastYearFigure, figure.uid, figure.version)
    else:
        change = writing.Edit(LastYearFigure, figure.uid, figure.version, {"amount": Decimal(before)})
    writing.write(budget, [change], by=None, via="command")
    found = paragraph(text_of(), "reception")
    assert says in found
    assert never not in found


def test_a_reason_is_asked_for_exactly_where_something_changed(budget):
    assert text_of().missing == []
    for topic in ("reception", "abroad"):
        row = Reason.objects.get(budget=budget, topic=topic)
        writing.write(budget, [writing.Remove(Reason, row.uid, row.version)], by=None, via="command")
        budget.refresh_from_db()
    narrative = text_of()
    assert [(run.text, run.fact) for run in narrative.missing] == [("（原因待填写）", "reasons")]
    assert "（原因待填写）" in paragraph(narrative, "reception")
    assert paragraph(narrative, "abroad").endswith("与上年相比持平，两年均未安排。")


def test_an_empty_budget_has_a_text(db):
    make_budget("888001")
    narrative = text_of("888")
    text = narrative.plain()
    assert "支出合计0万元" in text and "没有使用一般公共预算拨款安排的支出" in text
    assert "占" not in paragraph(narrative, "spending")
    assert "重点项目" not in text


def test_a_government_fund_is_listed_by_class_and_its_statement_goes(budget):
    project = make_item(budget, "城建项目", "3")
    make_line(project, 10_000, function="2120801", fund="121")
    found = paragraph(text_of(), "government-fund")
    assert found == "2024年政府性基金预算支出1.00万元，主要用于以下方面：城乡社区支出1.00万元，占100.00%。"
    assert "政府性基金收支预算为本年新增" in paragraph(text_of(), "fiscal")


def test_a_department_of_several_units_lists_them_and_a_unit_speaks_for_itself(budget):
    make_line(make_item(make_budget(make_unit("566002", name="区科技服务中心"))), 10_000)
    text = text_of().plain()
    assert "预算单位共2个" in text and "2、区科技服务中心" in text
    unit = text_of("566002").plain()
    assert "我单位系部门所属预算单位" in unit and "我部门" not in unit


def test_transfers_are_counted(budget):
    writing.write(budget, [writing.Add(SpecialTransfer(budget=budget, name="补助"))], by=None, via="command")
    assert "专项转移支付项目共有1项" in text_of().plain()


def test_the_other_set_has_a_text_too(budget):
    narrative = text_of(table_set=registry.sets()["mof_minimum"])
    assert "2024年收入总预算393.52万元" in narrative.plain()
    assert narrative.missing == []


# ---- the wording


def test_no_figure_is_typed_in_any_wording():
    allowed = re.compile(r"单位价值(50|100)万元以上")  # what the asset classes are called
    texts = [
        text for one in wording.wordings().values() for said in one.sentences().values() for text in said.cases.values()
    ]
    assert len(texts) > 100
    assert [text for text in texts if re.search(r"\d", allowed.sub("", text))] == []


def test_the_wordings_have_no_problem():
    assert problems() == []


@pytest.mark.parametrize(
    ("figures", "problem"),
    [
        ({"spending": wording.Cell("expenditure", "total", "nothing")}, "expenditure has no column nothing"),
        ({"spending": wording.Cell("expenditure", "first", "total")}, "expenditure has no row first"),
        ({"spending": wording.Cell("nowhere", "total", "total")}, "the set has no table nowhere"),
        ({"posts": wording.Fact("shoe_size")}, "no fact is called shoe_size"),
        ({"project_kinds": wording.Kinds("shoe_sizes", ("成本指标",))}, "no table of the set is drawn from shoe_sizes"),
    ],
)
def test_a_cell_that_does_not_exist_is_a_problem(figures, problem):
    wrong = replace(TEXT, figures={**TEXT.figures, **figures})
    assert any(problem in found for found in problems_of(wrong, registry.sets()[TEXT.set]))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("收入{nothing}", "没有名为“nothing”的数据"),
        ("收入{income", "没有配对"),
        ("收入[{income}", "没有配对"),
        ("收入{income.colour}", "没有“colour”这种形式"),
        ("收入{income!r}", "不是数据的名称"),
        ("收入{income.__class__}", "没有“__class__”这种形式"),
        ("增加{income.change}", "没有与上年比较"),
    ],
)
def test_a_text_that_names_what_is_not_there_is_refused(text, problem):
    found = text_problems(text, TEXT, TEXT.sentences()["totals"])
    assert any(problem in one for one in found)


def test_every_sentence_has_its_cases():
    for said in TEXT.sentences().values():
        assert said.cases.keys() in ({"always"}, wording.BY_AMOUNT, wording.BY_CHANGE)


@pytest.mark.parametrize(("number", "words"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (31, "三十一")])
def test_numerals(number, words):
    assert numeral(number) == words


# ---- figures, worked out again


def test_every_figure_of_the_reference_is_what_the_lines_add_up_to(budget):
    assert differences(text_of()) == {}


def test_a_figure_that_the_lines_do_not_add_up_to_is_found(budget):
    """The negative control."""
    narrative = text_of()
    Line.objects.filter(pk=Line.objects.get(item__name="科技经费").pk).update(amount=Decimal(40_000))
    assert {"spending", "general", "performance-money", "performance-projects"} == set(differences(narrative))


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(plain_budget=budgets(fitting=True))
def test_every_figure_of_random_departments_is_what_the_lines_add_up_to(plain_budget):
    with transaction.atomic():
        document = document_of(select(store(plain_budget), 2024, "second"))
        assert differences(document.narrative) == {}
        assert [one for one in check_text(document) if one.id != "placeholder"] == []
        transaction.set_rollback(True)


def test_last_year_is_the_budget_in_the_system_with_what_it_carried_out(budget):
    """Spending of 1 万元 of own funds whose income was 3 万元: last year's totals are 3 万元."""
    last = make_budget("566001", year=2023)
    line = make_line(make_item(last), 10_000, fund="39")
    estimate = IncomeEstimate(budget=last, fund=line.fund, amount=Decimal(30_000), basis="测算")
    writing.write(last, [writing.Add(estimate)], by=None, via="command")
    narrative = text_of()
    assert "收、支总计各增加390.52万元，增长13017.33%" in paragraph(narrative, "totals")
    assert "一般公共预算收支预算为本年新增" in paragraph(narrative, "fiscal")
