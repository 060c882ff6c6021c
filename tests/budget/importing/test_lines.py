"""Files of budget lines: all mistakes at once with their cells, nothing guessed silently, only changes are changes."""

from decimal import Decimal

import pytest

from budget import writing
from budget.importing import lines
from budget.models import DraftRow, Item, Line
from tests import factories

from .line_files import BASIC, CODE, GOLDEN, HEAD, OTHER_CODE, PROJECT, csv, errors, load, only_error, read, stored
from .workbooks import shared, workbook

pytestmark = pytest.mark.django_db


def test_the_reference_file_is_read_whole(budget):
    reading = lines.read(GOLDEN, "lines.csv", budget)
    assert (reading.errors, reading.notices) == ([], [])
    assert (len(reading.desired.items), len(reading.desired.lines)) == (38, 40)
    written = lines.apply(reading.desired, budget, by=None)
    assert len(written.added) == 78
    assert sum(stored(budget).values()) == Decimal("3935200.00")
    natures = dict(Item.objects.of(budget).values_list("name", "nature"))
    assert natures["70%基础性绩效工资"] == "事业"
    assert natures["职业年金"] == "行政"
    assert natures["医疗保险金（事业）"] == "事业"
    project = Line.objects.of(budget).get(item__code="410802240000000016408")
    assert project.economic.is_unspecified and project.government.is_unspecified
    assert list(Item.objects.of(budget).values_list("position", flat=True)) == list(range(1, 39))


def test_five_errors_are_all_named_and_nothing_is_written(budget):
    load(GOLDEN.read_bytes(), budget)
    text = GOLDEN.read_text("utf-8").splitlines()
    text[1] = text[1].replace("35.76", "1O5.20")
    text[3] = text[3].replace("2060101", "2060109")
    text[5] = text[5].replace("30102", "301")
    text[8] = text[8].replace("一般公共预算", "财政拔款")
    text[40] = text[40].replace("其他运转类", "其它类")
    before = factories.fingerprint()
    reading = read("\n".join(text).encode(), budget)
    assert reading.error_texts() == [
        "H2 “1O5.20”不是数字：含字母O，是否应为0？",
        "D4 “2060109”不在2024年支出功能分类中。",
        "E6 “301”（工资福利支出）不是末级科目，请细化到款（5位）。",
        "G9 “财政拔款”不在2024年资金性质中。",
        "A41 “其它类”不是项目类别，应为人员类、公用经费、其他运转类、特定目标类。",
    ]
    assert reading.desired.lines == []
    assert factories.fingerprint() == before


def test_a_workbook_and_chinese_headings_are_read_alike(budget):
    heads = ["类别", "项目名称", "项目编码", "功能分类", "部门经济分类", "政府经济分类", "资金性质", "金额（万元）"]
    row = ["公用经费", "办公费（行政）", None, 2060101, 30201, "50201", "11111", 1.81]
    wanted = {("办公费（行政）", "2060101", "30201", "50201", "11111"): Decimal("18100.00")}
    for content in (workbook([["2024年明细表"], [], heads, row]), shared([heads, row])):
        written = load(content, budget)
        assert stored(budget) == wanted
    assert not written


def test_addresses_in_a_workbook_name_the_sheet(budget):
    row = BASIC.split(",")
    content = workbook([HEAD.split(","), [*row[:7], 123.62999], [*row[:3], "2060109", *row[4:7], 5]])
    assert errors(content, budget) == [
        "明细!H2 显示 123.63，实际 123.62999，小数超过2位，请改为要申报的数。",
        "明细!D3 “2060109”不在2024年支出功能分类中。",
    ]


def test_columns_may_stand_in_any_order_and_strange_ones_are_told(budget):
    reading = read(
        csv(
            "1.81,备注甲,办公费（行政）,公用经费,,2060101,50201,30201,11111",
            head="amount,备注,item,category,project_code,function,gov_economic,dept_economic,fund",
        ),
        budget,
    )
    assert reading.error_texts() == []
    assert reading.notices == ["列“备注”不导入。"]


def test_missing_columns_are_named(budget):
    text = only_error(csv("公用经费,办公费,2060101", head="category,item,function"), budget)
    for column in ("project_code（项目编码）", "dept_economic", "gov_economic", "fund（资金性质）", "amount（金额）"):
        assert column in text
    assert "category" not in text and "nature" not in text


def test_a_file_without_a_header_or_with_two_of_a_column_is_refused(budget):
    assert "没有找到表头" in only_error(b"1,2,3\n4,5,6\n", budget)
    assert "“金额”与 H1 是同一列" in only_error(csv(f"{BASIC},5", head=f"{HEAD},金额"), budget)


def test_an_empty_list_does_not_wipe_the_draft(budget):
    assert "没有明细行" in only_error(csv(), budget)
    assert "空的" in only_error(b"", budget)


def test_amounts_in_yuan_are_read_as_yuan(budget):
    load(csv(BASIC.replace("1.81", "18100"), head=HEAD.replace("amount", "金额（元）")), budget)
    assert list(stored(budget).values()) == [Decimal("18100.00")]
    fine = csv(BASIC.replace("1.81", "18150"), head=HEAD.replace("amount", "金额（元）"))
    assert "H2 “18150”须是100元（0.01万元）的整数倍" in only_error(fine, budget)


def test_a_campaign_of_fen_takes_six_decimals_of_wan():
    budget = factories.make_budget(campaign=factories.make_campaign(entry_step=1))
    load(csv(BASIC.replace("1.81", "1.812345")), budget)
    assert list(stored(budget).values()) == [Decimal("18123.45")]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (BASIC.replace("1.81", ""), "H2 为空，请填写金额。"),
        (BASIC.replace("1.81", "-"), "H2 “-”按未填处理，请填写金额。"),
        (BASIC.replace("1.81", "0"), "H2 “0”：金额须大于0。"),
        (BASIC.replace("1.81", "-1.81"), "H2 “-1.81”：金额须大于0。"),
        (BASIC.replace("1.81", "1.812"), "H2 “1.812”小数超过2位。"),
        (BASIC.replace("公用经费", ""), "A2 为空，请填写类别。"),
        (BASIC.replace("办公费（行政）", ""), "B2 为空，请填写项目名称。"),
        (BASIC.replace("办公费（行政）", "长" * 181), "最多180个字"),
        (BASIC.replace("一般公共预算", ""), "G2 为空，请填写资金性质。"),
        (BASIC.replace("一般公共预算", "政府预算资金"), "G2 “政府预算资金”不是末级资金性质，请细化。"),
        (BASIC.replace("2060101", ""), "D2 为空，请填写功能分类的项级科目。"),
        (BASIC.replace("2060101", "未细化"), "D2 为空，请填写功能分类的项级科目。"),
        (BASIC.replace("2060101", "20601"), "D2 “20601”（科学技术管理事务）不是末级科目，请细化到项（7位）。"),
        (BASIC.replace("2060101", "206010"), "D2 “206010”是6位，编码应为3、5、7位。"),
        (BASIC.replace("30201", "").replace("50201", ""), None),
        (BASIC.replace("30201", "39901"), "E2 “39901”不在2024年部门预算支出经济分类中。"),
        (BASIC.replace("50201", "502"), "F2 “502”（机关商品和服务支出）不是末级科目，请细化到款（5位）。"),
        (PROJECT.replace(CODE, "123"), "C2 “123”不是项目编码：应为21位"),
        ("合计,,,,,,,392.85", "A2 “合计”是合计行，请删除后再导入。"),
        (",合 计：,,,,,,392.85", "B2 “合 计：”是合计行"),
    ],
)
def test_each_fault_is_told_at_its_cell(budget, row, said):
    texts = errors(csv(row), budget)
    if said is None:
        assert texts == ["E2 为空，基本支出的经济分类须细化到款。", "F2 为空，基本支出的经济分类须细化到款。"]
    else:
        assert len(texts) == 1 and said in texts[0]


def test_duplicates_are_refused_naming_both_rows(budget):
    text = only_error(csv(BASIC, PROJECT, BASIC.replace("1.81", "5.00")), budget)
    assert text.startswith("B4 “办公费（行政）”与第2行是同一明细（2060101/30201/50201/11111）")


def test_the_same_class_carried_over_is_another_line(budget):
    head = f"{HEAD},carried_over"
    load(csv(f"{BASIC},否", f"{BASIC},是", head=head), budget)
    assert sorted(Line.objects.of(budget).values_list("carried_over", flat=True)) == [False, True]
    assert "没有“上年结转”列" in read(csv(BASIC), budget).notices[0]
    assert "I2 “y”应填“是”或“否”" in only_error(csv(f"{BASIC},y", head=head), budget)


def test_categories_and_funds_may_be_codes(budget):
    rows = (BASIC.replace("公用经费", "21").replace("一般公共预算", "11111"), PROJECT.replace("特定目标类", "3"))
    load(csv(*rows, BASIC.replace("办公费（行政）", "印刷费").replace("一般公共预算", "经费拨款补助")), budget)
    assert list(Item.objects.of(budget).values_list("category", flat=True)) == ["21", "3", "21"]
    assert {fund for *_, fund in stored(budget)} == {"11111"}


def test_what_is_said_of_one_item_must_agree(budget):
    head = f"{HEAD},nature"
    other = BASIC.replace("30201", "30202")
    assert only_error(csv(f"{BASIC},行政", f"{other},事业", head=head), budget) == (
        "I3 “事业”与 I2 “行政”不一致：同一项目只能有一个性质。"
    )
    second = PROJECT.replace("2060199", "2060101")
    assert only_error(csv(PROJECT, second.replace(CODE, OTHER_CODE)), budget) == (
        f"C3 “{OTHER_CODE}”与 C2 “{CODE}”不一致：同一项目只能有一个项目编码。"
    )
    assert "C3" in (text := only_error(csv(PROJECT, second.replace("特定目标类", "其他运转类")), budget))
    assert "C2" in text and "特定目标类“科技经费”" in text


@pytest.mark.parametrize(
    ("row", "nature"),
    [
        (f"{BASIC},事业", "事业"),
        (f"{BASIC.replace('（行政）', '(事业)')},", "事业"),
        (f"{BASIC.replace('（行政）', '').replace('50201', '50502')},", "事业"),
        (f"{BASIC.replace('（行政）', '').replace('50201', '50299')},", "行政"),
        (f"{PROJECT},", "行政"),
    ],
)
def test_the_nature_is_said_or_follows(budget, row, nature):
    load(csv(row, head=f"{HEAD},nature"), budget)
    assert Item.objects.of(budget).get().nature == nature


def test_a_nature_that_the_file_does_not_say_stays_as_it_is(budget):
    load(csv(f"{BASIC},事业", head=f"{HEAD},nature"), budget)
    assert not load(csv(BASIC), budget)
    assert Item.objects.of(budget).get().nature == "事业"


def test_the_government_class_follows_the_department_class_and_says_so(budget):
    bare = BASIC.replace("50201", "")
    reading = read(csv(bare, bare.replace("（行政）", "（事业）")), budget)
    assert [line.government.code for line in reading.desired.lines] == ["50201", "50502"]
    assert [notice.split(" ")[0] for notice in reading.notices] == ["F2", "F3"]
    assert "30201（行政）填为50201" in reading.notices[0]
    reading = read(csv(bare.replace("30201", "30107")), budget)
    assert reading.desired.lines[0].government.code == "50199"
    assert "有2个对应，取第一个" in reading.notices[0]


def test_unspecified_is_a_row_and_not_a_gap(budget):
    load(
        csv(PROJECT, PROJECT.replace(CODE, "").replace("科技经费", "另一经费").replace(",,,", ",00000,未细化,")), budget
    )
    assert {(economic, government) for _, _, economic, government, _ in stored(budget)} == {("00000", "00000")}


def test_a_campaign_may_want_every_class():
    budget = factories.make_budget(campaign=factories.make_campaign(allow_unspecified_economic=False))
    assert errors(csv(PROJECT), budget) == ["E2 为空，请填写经济分类。", "F2 为空，请填写经济分类。"]


def test_a_campaign_may_leave_the_function_open():
    budget = factories.make_budget(campaign=factories.make_campaign(allow_unspecified_function=True))
    load(csv(BASIC.replace("2060101", "")), budget)
    assert Line.objects.of(budget).get().function.is_unspecified


def test_half_typed_rows_are_left_and_told(budget):
    row = DraftRow(budget=budget, cells={"item": "半"}, position=1)
    writing.write(budget, [writing.Add(row)], by=None, via="grid")
    budget.refresh_from_db()
    assert read(csv(BASIC), budget).notices == ["草稿中另有1个未完成行，导入不涉及它们。"]


def test_merged_cells_among_the_lines_are_refused(budget):
    rows = [HEAD.split(","), *([*BASIC.split(",")[:6], "11111", 5] for _ in range(2))]
    content = workbook(rows, change=lambda sheet: sheet.merge_cells("B2:B3"))
    assert errors(content, budget)[0] == "明细!B2:B3 是合并单元格，请取消合并并逐行填写。"
    title = workbook([["明细表"], *rows[:2]], change=lambda sheet: sheet.merge_cells("A1:H1"))
    assert errors(title, budget) == []


def test_hidden_rows_and_columns_are_read_and_told(budget):
    def change(sheet):
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["C"].hidden = True

    reading = read(workbook([HEAD.split(","), [*BASIC.split(",")[:7], 1.81]], change=change), budget)
    assert len(reading.desired.lines) == 1
    assert reading.notices == ["第2行是隐藏或被筛选掉的行，也已读取。", "C列是隐藏的列，也已读取。"]


def test_cells_that_hold_no_value_are_refused_where_they_stand(budget):
    row = BASIC.split(",")

    def change(sheet):
        sheet["D2"], sheet["H2"] = "=2060100+1", 0.5
        sheet["H2"].number_format = "0%"
        sheet["E3"], sheet["H3"] = "#N/A", True

    texts = errors(workbook([HEAD.split(","), row, row], change=change), budget)
    assert [text.split(" ")[0] for text in texts] == ["明细!D2", "明细!H2", "明细!E3", "明细!H3"]
    for text, said in zip(texts, ("没有计算结果", "“50%”是百分数格式", "“#N/A”是错误值", "逻辑值"), strict=True):
        assert said in text


def test_two_sheets_of_lines_are_refused_and_others_told(budget):
    def second(title, rows):
        def change(sheet):
            other = sheet.parent.create_sheet(title)
            for row in rows:
                other.append(row)

        return change

    rows = [HEAD.split(","), [*BASIC.split(",")[:7], 1.81]]
    assert "都像预算明细" in only_error(workbook(rows, change=second("另一张", rows)), budget)
    reading = read(workbook(rows, change=second("说明", [["填表说明"]])), budget)
    assert reading.notices == ["工作表“说明”没有读取。"]


def test_at_most_five_hundred_errors_are_listed(budget):
    texts = errors(csv(*[BASIC.replace("1.81", "x")] * 750), budget)
    assert len(texts) == 501
    assert texts[-1].startswith("另有") and texts[-1].endswith("个错误没有列出。")


def test_the_number_of_queries_does_not_depend_on_the_number_of_lines(budget, django_assert_num_queries):
    few = csv(BASIC)
    many = csv(*(BASIC.replace("办公费", f"费用{at}") for at in range(300)))
    for content in (few, many):
        with django_assert_num_queries(9):
            reading = read(content, budget)
        with django_assert_num_queries(3):
            lines.changes(reading.desired, budget)


def test_a_file_that_cannot_be_read_is_one_error(budget):
    assert errors(b"\xd0\xcf\x11\xe0" + b"\0" * 100, budget) == [
        "文件是加密的工作簿或旧版 .xls，请去掉密码并另存为 .xlsx。"
    ]
