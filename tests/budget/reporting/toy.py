"""A toy book with every row axis and every kind of column, for the tests of the renderers."""

from dataclasses import replace

from budget.reporting.book import Book, Facts
from budget.reporting.compute import compute
from budget.reporting.spec import (
    Amount,
    Beside,
    By,
    Change,
    Discovered,
    Group,
    Member,
    OfWhich,
    Placed,
    Previous,
    Records,
    Row,
    RowOfWhich,
    RowTotal,
    Section,
    SideBySide,
    Single,
    Skeleton,
    Sum,
    Table,
    TableSet,
    Text,
    Total,
)
from budget.reporting.where import Where

from .toy_data import DIMENSIONS, LAST_YEAR, LINES, LISTS, MEMBERS, NAME

BASIC, PROJECT = Where(category=("1", "21")), Where(category=("22", "3"))


def name(member):
    return member.name


def code(start, end):
    return lambda member: member.code[start:end]


EXPENDITURE = Table(
    "expenditure",
    (
        Group("code", "科目编码", Text("class", "类"), Text("section", "款"), Text("item", "项")),
        Text("unit", "单位代码"),
        Text("name", "单位（科目名称）"),
        Total("total", "总计"),
        Group(
            "basic",
            "基本支出",
            Total("total", "合计"),
            Group(
                "personnel",
                "人员经费",
                Total("total", "小计"),
                Amount("wages", "工资福利支出", Where(economic="301")),
                Amount("allowances", "对个人和家庭的补助", Where(economic="303")),
            ),
            Group(
                "operating",
                "公用经费",
                Total("total", "小计"),
                Amount("goods", "商品和服务支出", Where(economic="302")),
                Amount("capital", "资本性支出", Where(economic="310")),
            ),
            where=BASIC,
        ),
        Group(
            "project",
            "项目支出",
            Total("total", "合计"),
            Amount("running", "其他运转类", Where(category="22")),
            Amount("special", "特定目标类", Where(category="3")),
            where=PROJECT,
        ),
    ),
    Discovered(
        Sum({"name": "合计"}),
        By("unit", {"unit": lambda m: m.code, "name": name}),
        By(
            "function",
            {"code.class": code(0, 3), "code.section": code(3, 5), "code.item": code(5, 7), "name": name},
        ),
    ),
)

BY_ECONOMIC = Table(
    "by_economic",
    (
        Group("department", "部门预算支出经济分类科目", Text("code", "科目编码"), Text("name", "科目名称")),
        Group("government", "政府预算支出经济分类科目", Text("code", "科目编码"), Text("name", "科目名称")),
        Group(
            "amount",
            "本年一般公共预算基本支出",
            Total("total", "合计"),
            Amount("personnel", "人员经费", Where(economic=("301", "303"))),
            Amount("operating", "公用经费", Where(economic=("302", "310"))),
        ),
    ),
    Discovered(
        Sum({"department.code": "合计"}),
        By(
            ("economic", "government"),
            {
                "department.code": lambda e, g: e.code,
                "department.name": lambda e, g: e.name,
                "government.code": lambda e, g: g.code,
                "government.name": lambda e, g: g.name,
            },
        ),
    ),
    where=BASIC,
)

REVENUE_AND_EXPENDITURE = SideBySide(
    "revenue_and_expenditure",
    Table(
        "revenue",
        (Text("item", "项目"), Amount("amount", "金额")),
        Skeleton(
            (
                Row("general", "一、一般公共预算", Where(fund="1")),
                RowOfWhich("grant", "其中：财政拨款", Where(fund="11")),
                Row("fund", "二、政府性基金预算拨款收入", Where(fund="2")),
                RowTotal("revenue_year", "本年收入合计"),
                RowTotal("revenue_total", "收入总计"),
            ),
            tail=2,
        ),
    ),
    Table(
        "spending",
        (Text("item", "项目"), Amount("amount", "金额")),
        Skeleton(
            (
                Row("201", "一、一般公共服务", Where(function="201")),
                Row("206", "六、科学技术", Where(function="206")),
                Row("208", "八、社会保障和就业", Where(function="208")),
                Row("210", "十、卫生健康", Where(function="210")),
                RowTotal("spending_year", "本年支出合计"),
                RowTotal("spending_total", "支出总计"),
            ),
            tail=2,
        ),
    ),
    "收入",
    "支出",
)

THREE_PUBLIC = Table(
    "three_public",
    (
        Total("total", "“三公”经费合计"),
        Amount("abroad", "因公出国（境）费", Where(economic="30212")),
        Group(
            "cars",
            "公务用车购置及运行费",
            Total("total", "小计"),
            Amount("purchase", "公务用车购置费", Where(economic="31013")),
            Amount("running", "公务用车运行费", Where(economic="30231")),
        ),
        Amount("reception", "公务接待费", Where(economic="30217")),
    ),
    Single(),
    where=Where(economic=("30212", "31013", "30231", "30217")),
)

COMPARED = Table(
    "compared",
    (
        Text("name", "科目名称"),
        Amount("total", "本年预算数"),
        OfWhich("grant", "其中：财政拨款", Where(fund="11")),
        Previous("previous", "上年预算数", of="total"),
        Change("change", "增减额", of="total"),
        Change("rate", "增减率", of="total", rate=True),
    ),
    Discovered(Sum({"name": "合计"}), By("function", {"name": name}, length=3)),
)

FUNDS = Table(
    "funds",
    (Text("name", "科目名称"), Total(), Amount("basic", "基本支出", BASIC), Amount("project", "项目支出", PROJECT)),
    Discovered(Sum({"name": "合计"}), By("function", {"name": name})),
    where=Where(fund="2"),
)

GOALS = Table(
    "goals",
    (
        Text("first", "一级指标", merge=True),
        Text("second", "二级指标", merge=True),
        Text("third", "三级指标"),
        Text("target", "指标值"),
        Text("meaning", "指标值说明"),
    ),
    Records(
        "indicators",
        {"first": "first", "second": "second", "third": "third", "target": "target", "meaning": "meaning"},
        ("third",),
    ),
    sections=(
        Section(
            "年度履职目标",
            Table("aims", (Text("aim", "年度履职目标"),), Records("aims", {"aim": "aim"}, ("number",))),
        ),
        Section(
            "年度主要任务",
            Table(
                "tasks",
                (Text("task", "任务名称"), Text("content", "主要内容")),
                Records("tasks", {"task": "task", "content": "content"}, ("task",)),
            ),
        ),
        Section(
            "预算情况",
            Table(
                "money",
                (
                    Total("total", "部门预算总额"),
                    Group(
                        "source",
                        "1、资金来源",
                        Amount("fiscal", "(1)政府预算资金", Where(fund=("1", "2"))),
                        Amount("account", "(2)财政专户管理资金", Where(fund="3")),
                        Amount("own", "(3)单位资金", Where(fund="4")),
                    ),
                    Group(
                        "structure",
                        "2、资金结构",
                        OfWhich("basic", "(1)基本支出", BASIC, of="total"),
                        OfWhich("project", "(2)项目支出", PROJECT, of="total"),
                    ),
                ),
                Single(),
            ),
        ),
    ),
)

PROJECTS = Table(
    "project_goals",
    (
        Text("code", "单位编码（项目编号）"),
        Text("name", "项目单位（项目名称）"),
        Group(
            "money",
            "项目金额（万元）",
            Total("total", "资金总额"),
            Amount("fiscal", "政府预算资金", Where(fund=("1", "2"))),
            Amount("own", "单位资金", Where(fund=("3", "4"))),
        ),
        Group(
            "goals",
            "绩效目标",
            *(
                Beside(key, label, "goals", Where(kind=key), (Text("third", "三级指标"), Text("target", "指标值")))
                for key, label in (("output", "产出指标"), ("effect", "效益指标"), ("satisfaction", "满意度指标"))
            ),
        ),
    ),
    Discovered(
        By("unit", {"code": lambda m: m.code, "name": name}),
        By("item", {"code": lambda m: m.more["code"], "name": name}),
    ),
    where=PROJECT,
)

TABLES = (
    (REVENUE_AND_EXPENDITURE, Placed("revenue_and_expenditure", 1, "{year}年部门收支预算表")),
    (EXPENDITURE, Placed("expenditure", 3, "{year}年部门支出预算表")),
    (BY_ECONOMIC, Placed("by_economic", 6, "{year}年一般公共预算基本支出预算表")),
    (
        THREE_PUBLIC,
        Placed(
            "three_public",
            9,
            "{year}年一般公共预算“三公”经费预算表",
            notes=(
                "注：按照党中央、国务院有关规定及部门预算管理有关规定，“三公”经费包括因公出国（境）费、公务用车购置及运行费和公务接待费。"
                "（1）因公出国（境）费，指单位工作人员公务出国（境）的住宿费、差旅费、伙食补助费、杂费、培训费等支出。"
                "（2）公务用车购置及运行费，指单位公务用车购置费及租用费、燃料费、维修费、过路过桥费、保险费、安全奖励费用等支出。"
                "（3）公务接待费，指单位按规定开支的各类公务接待（含外宾接待）支出。",
            ),
        ),
    ),
    (
        FUNDS,
        Placed(
            "funds",
            10,
            "{year}年政府性基金支出预算表",
            statement="我部门{year}年没有使用政府性基金预算拨款安排的支出。",
        ),
    ),
    (COMPARED, Placed("compared", 12, "{year}年支出与上年比较表")),
    (GOALS, Placed("goals", 14, "本级部门整体绩效目标表", organisation_label="部门（单位）名称")),
    (PROJECTS, Placed("project_goals", 15, "{year}年部门预算项目绩效目标表")),
)

SET = TableSet("toy", "试验", "万元", tuple(placed for _, placed in TABLES), (), Where(economic="302"))


def toy_book(lines=LINES, table_set=SET, lists=LISTS) -> Book:
    """A book over the given lines; amounts in 分."""
    return Book(
        table_set=table_set,
        year=2024,
        code="566",
        name=NAME,
        is_department=True,
        units=(Member("566001", NAME),),
        money={"lines": Facts(DIMENSIONS, lines)},
        lists=lists,
        members=MEMBERS,
        last_year={"compared": LAST_YEAR},
    )


def toy_grids(lines=LINES, unit="万元", thousands=False, lists=LISTS) -> dict:
    """The Grids of the toy by key."""
    book = toy_book(lines, replace(SET, unit=unit, thousands=thousands), lists)
    return {table.key: compute(table, book, placed) for table, placed in TABLES}
