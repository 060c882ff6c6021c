"""名词解释: of every column of the tables what it means, and where its figures come from (怎么填).

Definitions: the glossary of a published departmental budget (第三部分 名词解释), 《政府收支分类科目》 and 预算法,
as clerks read them. Examples are of the reference budget, in 万元.
"""

from typing import NamedTuple

from budget.reporting.grid import GridColumn


class Explained(NamedTuple):
    """`means`: the official sense of a column. `source`: how it is filled in, with an example."""

    means: str
    source: str


BASIC = "基本支出是指为保障机构正常运转、完成日常工作任务所必需的开支，包括人员经费和日常公用经费两部分。"
PROJECT = "项目支出是指在基本支出之外，为完成特定的行政工作任务或事业发展目标所发生的支出。"
PERSONNEL = "人员经费是基本支出中的工资福利支出（301）和对个人和家庭的补助（303）。"
OPERATING = "公用经费是基本支出中的商品和服务支出（302）和资本性支出（310）。"
GENERAL = "一般公共预算是以税收为主体的财政收入安排的预算。"
APPROPRIATION = "财政拨款收入是指本级财政当年拨付的资金。"
FUND = "政府性基金预算是依法向特定对象征收或以其他方式筹集、专项用于特定公共事业发展的资金。"
CAPITAL = "国有资本经营预算是国有资本收益安排的预算。"
SPECIAL = "财政专户管理资金是纳入财政专户管理的收入，主要是教育收费。"
UNIT_FUNDS = (
    "单位资金是财政拨款和财政专户以外的资金，包括事业收入、事业单位经营收入、上级补助、附属单位上缴和其他收入。"
)
CARRIED = "上年结转结余是以前年度安排、本年继续使用的资金。"
BY_LINES = "由预算明细自动汇总，不在表中填。"
FROM_FUND = "由资金性质相同、不是结转的明细自动汇总，如一般公共预算 393.52。"
FROM_CARRIED = "由打了“结转”的同类资金明细自动汇总；没有结转的空白。"
FROM_CODE = "取明细的功能分类编码，如 2060101 分为 206、01、01。"

Columns = dict[str, Explained]

_CODES: Columns = {
    "code.class": Explained("支出功能分类的类，前三位编码，反映政府职能的大类。", FROM_CODE),
    "code.kind": Explained("支出功能分类的款，第四、五位编码，是类的细分。", FROM_CODE),
    "code.item": Explained("支出功能分类的项，第六、七位编码，是末级科目。", FROM_CODE),
    "unit_code": Explained("预算单位的编码，前三位是主管部门。", "取单位的编码，如 566001。"),
    "name": Explained(
        "单位名称，其下是该单位各功能分类科目的名称。", "科目名称取当年《政府收支分类科目》，如 行政运行。"
    ),
}
_FUNDS: Columns = {
    "this_year.general": Explained(f"{GENERAL}本列是本年拨款。", FROM_FUND),
    "this_year.government_fund": Explained(f"{FUND}本列是本年拨款。", FROM_FUND),
    "this_year.state_capital": Explained(f"{CAPITAL}本列是本年拨款。", FROM_FUND),
    "carried_over.general": Explained(f"{CARRIED}本列是其中的一般公共预算。", FROM_CARRIED),
    "carried_over.government_fund": Explained(f"{CARRIED}本列是其中的政府性基金预算。", FROM_CARRIED),
    "carried_over.state_capital": Explained(f"{CARRIED}本列是其中的国有资本经营预算。", FROM_CARRIED),
    "special_account": Explained(SPECIAL, "由资金性质为财政专户管理资金的明细汇总，含其结转；没有的空白。"),
    "unit_funds": Explained(UNIT_FUNDS, "由资金性质为单位资金的明细汇总，含其结转；没有的空白。"),
}
_SPENDING: Columns = {
    "total": Explained("全部支出，等于基本支出加项目支出。", f"{BY_LINES}如 393.52。"),
    "basic.total": Explained(BASIC, "由人员类和公用经费两类项目的明细汇总，如 200.52。"),
    "basic.personnel.total": Explained(PERSONNEL, "人员经费两列之和。"),
    "basic.personnel.wages": Explained(
        "工资福利支出（301）：支付给在职职工和编制外长期聘用人员的劳动报酬，以及为其缴纳的社会保险费等。",
        "由部门经济分类 301 的基本支出明细汇总，如 30101 基本工资。",
    ),
    "basic.personnel.assistance": Explained(
        "对个人和家庭的补助（303）：政府用于对个人和家庭的补助支出，如离退休费、抚恤金、医疗费补助。",
        "由部门经济分类 303 的基本支出明细汇总，如 30305 生活补助。",
    ),
    "basic.operating.total": Explained(OPERATING, "公用经费两列之和。"),
    "basic.operating.goods": Explained(
        "商品和服务支出（302）：单位购买商品和服务的支出，不包括用于购置固定资产的支出。",
        "由部门经济分类 302 的基本支出明细汇总，如 30201 办公费。",
    ),
    "basic.operating.capital": Explained(
        "资本性支出（310）：单位安排的用于购置固定资产、土地和无形资产，以及购建基础设施、大型修缮的支出。",
        "由部门经济分类 310 的基本支出明细汇总，如 31002 办公设备购置。",
    ),
    "project.total": Explained(PROJECT, "其他运转类和特定目标类两列之和。"),
    "project.other_running": Explained(
        "其他运转类项目：为维持机构运转，在公用经费以外安排的专门支出，如大型设备、房屋运维。",
        "由项目类别为其他运转类的明细汇总。",
    ),
    "project.targeted": Explained(
        "特定目标类项目：为完成特定工作任务和事业发展目标安排的支出。", "由项目类别为特定目标类的明细汇总。"
    ),
}
_BOTH_SIDES: Columns = {
    "income.item": Explained("收入的项目，按资金来源分列。", "固定的行，没有金额的也印出。"),
    "expenditure.item": Explained("支出的项目，按支出功能分类的类分列。", "固定的行，名称按本地表套。"),
}
_ECONOMIC = {
    "code": Explained(
        "部门预算支出经济分类按支出的经济性质和具体用途分类，类三位、款五位。", "取明细的部门经济分类编码，如 30101。"
    ),
    "name": Explained("部门预算支出经济分类科目的名称。", "取当年《政府收支分类科目》，如 基本工资。"),
}
_GOVERNMENT = {
    "code": Explained(
        "政府预算支出经济分类按政府预算的管理要求分类，类三位、款五位。",
        "按部门经济分类和性质带出，如 30101 行政为 50101。",
    ),
    "name": Explained("政府预算支出经济分类科目的名称。", "取当年《政府收支分类科目》，如 工资奖金津补贴。"),
}
_ITEMS: Columns = {
    "unit": Explained("承担支出的预算单位。", "取预算的单位名称。"),
    "category": Explained(
        "项目的类别：人员类、公用经费属于基本支出，其他运转类、特定目标类属于项目支出。", "取项目的类别。"
    ),
    "name": Explained("项目的名称，与项目库一致。", "取项目名称，如 补充解放区科技贷款贴息专项资金。"),
    "total": Explained("项目的全部金额，各资金列之和。", f"{BY_LINES}如 50.00。"),
    **_FUNDS,
}
_INDICATOR = {
    "level_1": Explained("绩效指标的大类。部门整体分投入管理、产出、效益三类。", "在绩效目标页选择，如 产出指标。"),
    "level_2": Explained("一级指标的细分。", "在绩效目标页填写，如 履职目标实现。"),
    "name": Explained("具体衡量什么的指标，能够检查。", "只写量什么，如“专项资金细化率”，不写要达到多少。"),
    "value": Explained(
        "指标要达到的数或状态。数字有计算符号和计量单位；说不成数字的是定性指标。",
        "照原样写，如 ≥1000本、3家、≤30%、及时。",
    ),
    "explanation": Explained("指标的含义、算法和数据来源。", "如“预算执行率=（预算完成数/预算数）×100%”。"),
}

TABLES: dict[str, Columns] = {
    "revenue_and_expenditure": {
        **_BOTH_SIDES,
        "income.amount": Explained(
            "各项来源的收入。部门的一切收入都编入预算（预算法第四条）。",
            "财政拨款随支出明细计算；单独测算的资金取收入测算，如 393.52。",
        ),
        "expenditure.amount": Explained(
            "各类支出。收入总计等于支出总计。", "由明细按功能分类的类汇总，如 科学技术 344.53。"
        ),
    },
    "revenue": {
        **_CODES,
        "total": Explained("全部收入，本年收入加上年结转结余。", "随支出明细和收入测算计算。"),
        "this_year.total": Explained("本年取得的各项收入之和。", "右边各列之和，不含上年结转结余。"),
        "this_year.general.total": Explained(GENERAL, FROM_FUND),
        "this_year.general.appropriation": Explained(APPROPRIATION, "一般公共预算中由本级财政拨款的部分，如 393.52。"),
        "this_year.government_fund": Explained(FUND, FROM_FUND),
        "this_year.state_capital": Explained(CAPITAL, FROM_FUND),
        "this_year.special_account": Explained(SPECIAL, FROM_FUND),
        "this_year.undertakings": Explained("事业收入是指事业单位开展专业活动及辅助活动所取得的收入。", FROM_FUND),
        "this_year.operations": Explained(
            "事业单位经营收入是事业单位在专业活动及辅助活动之外开展非独立核算经营活动取得的收入。", FROM_FUND
        ),
        "this_year.from_above": Explained("上级补助收入是从主管部门和上级单位取得的非财政补助收入。", FROM_FUND),
        "this_year.from_below": Explained("附属单位上缴收入是附属独立核算单位按规定上缴的收入。", FROM_FUND),
        "this_year.other": Explained(
            "其他收入是指部门取得的除“财政拨款”、“事业收入”、“事业单位经营收入”等以外的收入。", FROM_FUND
        ),
        "carried_over.total": Explained(CARRIED, "右边各列之和。"),
        "carried_over.general": Explained(f"{CARRIED}本列是其中的一般公共预算。", FROM_CARRIED),
        "carried_over.government_fund": Explained(f"{CARRIED}本列是其中的政府性基金预算。", FROM_CARRIED),
        "carried_over.state_capital": Explained(f"{CARRIED}本列是其中的国有资本经营预算。", FROM_CARRIED),
        "carried_over.special_account": Explained(f"{CARRIED}本列是其中的财政专户管理资金。", FROM_CARRIED),
        "carried_over.unit_funds": Explained(f"{CARRIED}本列是其中的单位资金。", FROM_CARRIED),
    },
    "expenditure": {**_CODES, **_SPENDING},
    "fiscal_appropriation": {
        **_BOTH_SIDES,
        "income.amount": Explained(
            f"{APPROPRIATION}本表只列三本预算的财政资金，不列财政专户和单位资金。", "随财政资金的明细计算，如 393.52。"
        ),
        "expenditure.total": Explained("用财政资金安排的支出，右边三本预算之和。", BY_LINES),
        "expenditure.general.total": Explained(f"{GENERAL}本列是用它安排的支出。", FROM_FUND),
        "expenditure.general.appropriation": Explained("一般公共预算支出中由本级财政拨款安排的部分。", FROM_FUND),
        "expenditure.government_fund": Explained(f"{FUND}本列是用它安排的支出。", FROM_FUND),
        "expenditure.state_capital": Explained(f"{CAPITAL}本列是用它安排的支出。", FROM_FUND),
    },
    "general_expenditure": {
        **_CODES,
        **_SPENDING,
        "total": Explained("用一般公共预算安排的全部支出。", f"{BY_LINES}如 393.52。"),
    },
    "general_basic_by_economic": {
        **{f"economic.{key}": value for key, value in _ECONOMIC.items()},
        **{f"government.{key}": value for key, value in _GOVERNMENT.items()},
        "basic.total": Explained(f"{BASIC}本列是用本年一般公共预算安排的部分。", BY_LINES),
        "basic.personnel": Explained(PERSONNEL, "由部门经济分类 301、303 的明细汇总。"),
        "basic.operating": Explained(OPERATING, "由部门经济分类 302、310 的明细汇总。"),
    },
    "basic_items": _ITEMS,
    "by_economic": {
        "economic.class": Explained(_ECONOMIC["code"].means, "取部门经济分类编码的前三位，如 301。"),
        "economic.kind": Explained(_ECONOMIC["code"].means, "取部门经济分类编码的后两位，如 01。"),
        "economic.name": _ECONOMIC["name"],
        "government.class": Explained(_GOVERNMENT["code"].means, "取政府经济分类编码的前三位，如 501。"),
        "government.kind": Explained(_GOVERNMENT["code"].means, "取政府经济分类编码的后两位，如 01。"),
        "government.name": _GOVERNMENT["name"],
        "total": Explained("该经济分类的全部支出，基本支出和项目支出都在内。", f"{BY_LINES}没有细化的列在“未细化”。"),
        **_FUNDS,
    },
    "three_public": {
        "total": Explained(
            "“三公”经费是指纳入财政预算管理，部门使用财政拨款安排的因公出国（境）费、公务用车购置及运行费和公务接待费。",
            "右边三项之和，按经济分类由明细汇总。",
        ),
        "abroad": Explained(
            "因公出国（境）费反映单位公务出国（境）的住宿费、旅费、伙食补助费、杂费、培训费等支出。",
            "由 30212 因公出国（境）费用的明细汇总。",
        ),
        "vehicles.total": Explained("公务用车购置费与公务用车运行费之和。", "右边两列之和。"),
        "vehicles.purchase": Explained(
            "公务用车购置费反映公务用车购置支出，含车辆购置税。", "由 30913、31013 公务用车购置的明细汇总。"
        ),
        "vehicles.running": Explained(
            "公务用车运行费反映租用费、燃料费、维修费、过路过桥费、保险费、安全奖励费用等支出。",
            "由 30231 公务用车运行维护费的明细汇总。",
        ),
        "reception": Explained(
            "公务接待费反映单位按规定开支的各类公务接待（含外宾接待）支出。", "由 30217 公务接待费的明细汇总。"
        ),
    },
    "government_fund_expenditure": {
        **_CODES,
        **_SPENDING,
        "total": Explained(f"{FUND}本表是用它安排的支出。", "没有的也印本表，并写明没有。"),
    },
    "state_capital_expenditure": {
        **_CODES,
        **_SPENDING,
        "total": Explained(f"{CAPITAL}本表是用它安排的支出。", "没有的也印本表，并写明没有。"),
    },
    "projects": _ITEMS,
    "agency_operating": {
        **{f"economic.{key}": value for key, value in _ECONOMIC.items()},
        "operating.total": Explained(
            "机关（机构）运行经费是指为保障机关（机构）正常运转及正常履职需要的办公费、水电费、日常维修、物业费、维修费、"
            "差旅费、公务用车运行维护费以及其他费用等支出。",
            "按本地口径由 302 类明细汇总，不含公务交通补贴和公务接待费。",
        ),
    },
    "department_performance": _INDICATOR,
    "organisation": {"name": Explained("编报绩效目标的部门或单位。", "取预算的单位名称。")},
    "goals": {"text": Explained("本部门本年履行职责要达到的目标。", "在绩效目标页填写，一条一段。")},
    "tasks": {
        "name": Explained("为实现年度目标安排的主要任务。", "在绩效目标页填写，如“企业服务方面”。"),
        "content": Explained("任务的主要内容。", "写做什么、做到什么程度。"),
    },
    "money": {
        "total": Explained("部门预算总额，等于支出总计。", f"{BY_LINES}如 393.52。"),
        "sources.government": Explained("政府预算资金：一般公共预算、政府性基金预算、国有资本经营预算。", FROM_FUND),
        "sources.special_account": Explained(SPECIAL, FROM_FUND),
        "sources.unit_funds": Explained(UNIT_FUNDS, FROM_FUND),
        "structure.basic": Explained(BASIC, "由人员类和公用经费两类项目的明细汇总。"),
        "structure.project": Explained(PROJECT, "由其他运转类和特定目标类项目的明细汇总。"),
    },
    "project_performance": {
        "code": Explained(
            "单位的编码；项目行是项目库中的21位项目编码。", "取单位编码和项目编码，如 410802240000000015718。"
        ),
        "name": Explained("单位的名称；项目行是项目名称。", "取单位名称和项目名称。"),
        "money.total": Explained("项目的全部金额。", "右边三列之和。"),
        "money.government": Explained("政府预算资金：一般公共预算、政府性基金预算、国有资本经营预算。", FROM_FUND),
        "money.special_account": Explained(SPECIAL, FROM_FUND),
        "money.unit_funds": Explained(UNIT_FUNDS, FROM_FUND),
        **{
            f"goals.{kind}.{key}": Explained(f"{means}{_INDICATOR[key].means}", f"在项目页填写。{sample}")
            for kind, means, samples in (
                ("cost", "成本指标是项目的经济、社会、生态环境成本。", ("如 印刷费用。", "如 ≤3万元。")),
                ("output", "产出指标是项目完成的数量、质量、时效。", ("如 印刷政策汇编。", "如 ≥1000本。")),
                (
                    "benefit",
                    "效益指标是项目带来的经济、社会、生态效益。",
                    ("如 缓解企业研发资金问题。", "如 有效缓解。"),
                ),
                ("satisfaction", "满意度指标是服务对象的满意程度。", ("如 服务企业满意度。", "如 ≥95%。")),
            )
            for key, sample in zip(("name", "value"), samples, strict=True)
        },
    },
}
OF_ROLE = {
    "previous": Explained("上年预算数。", "取本系统中上年的预算；没有的取“其他情况”中填的上年数。"),
    "change": Explained("本年比上年增减的金额。", "本年减上年，减少的为负数。"),
    "rate": Explained("本年比上年增减的百分比。", "增减额除以上年数；上年为零的不算。"),
}


def explained(table: str, column: GridColumn) -> Explained | None:
    """What is said of a column of a table; None for one that nothing is said of."""
    return OF_ROLE.get(column.role) or TABLES.get(table, {}).get(column.key)
