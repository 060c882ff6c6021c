"""河南·焦作 2024: the fifteen tables as the city's departments printed them (tables.md)."""

from budget.reporting import registry
from budget.reporting.spec import Placed, TableSet
from budget.reporting.where import Where

# 类 with the label this city prints; 十八, 二十五, 二十六 and 二十八 do not exist.
FUNCTION_CLASSES = (
    ("201", "一、一般公共服务"),
    ("202", "二、外交"),
    ("203", "三、国防"),
    ("204", "四、公共安全"),
    ("205", "五、教育"),
    ("206", "六、科学技术"),
    ("207", "七、文化旅游体育与传媒"),
    ("208", "八、社会保障和就业"),
    ("209", "九、社会保险基金支出"),
    ("210", "十、卫生健康"),
    ("211", "十一、节能环保"),
    ("212", "十二、城乡社区事务"),
    ("213", "十三、农林水事务"),
    ("214", "十四、交通运输"),
    ("215", "十五、资源勘探信息等"),
    ("216", "十六、商业服务业等"),
    ("217", "十七、金融支出"),
    ("219", "十九、援助其他地区支出"),
    ("220", "二十、自然资源海洋气象等支出"),
    ("221", "二十一、住房保障支出"),
    ("222", "二十二、粮油物资储备支出"),
    ("223", "二十三、国有资本经营预算"),
    ("224", "二十四、灾害防治及应急管理"),
    ("227", "二十七、预备费"),
    ("229", "二十九、其他支出"),
    ("230", "三十、转移性支出"),
    ("231", "三十一、债务还本支出"),
    ("232", "三十二、债务付息支出"),
    ("233", "三十三、债务发行费用支出"),
    ("234", "三十四、抗疫特别国债安排的支出"),
)

THREE_PUBLIC_NOTE = (
    "注：“三公”经费包括因公出国（境）费、公务用车购置及运行费和公务接待费。因公出国（境）费反映单位公务出国（境）的国际旅费、"
    "国外城市间交通费、住宿费、伙食费、培训费、公杂费等支出；公务用车购置及运行费反映公务用车购置支出（含车辆购置税）及燃料费、"
    "维修费、过路过桥费、保险费等支出；公务接待费反映单位按规定开支的各类公务接待（含外宾接待）支出。"
)

HENAN_JIAOZUO_2024 = registry.table_set(
    TableSet(
        key="henan_jiaozuo_2024",
        title="河南·焦作 2024",
        unit="万元",
        function_classes=FUNCTION_CLASSES,
        agency_operating=Where(economic="302") & ~Where(economic=("30239", "30217")),
        tables=(
            Placed("revenue_and_expenditure", 1, "{year}年{kind}收支预算表"),
            Placed("revenue", 2, "{year}年{kind}收入预算表"),
            Placed("expenditure", 3, "{year}年{kind}支出预算表"),
            Placed("fiscal_appropriation", 4, "{year}年财政拨款收支预算表"),
            Placed("general_expenditure", 5, "{year}年一般公共预算支出预算表"),
            Placed("general_basic_by_economic", 6, "{year}年一般公共预算基本支出预算表"),
            Placed("basic_items", 7, "{year}年一般公共预算基本支出明细表"),
            Placed("by_economic", 8, "{year}年支出经济分类汇总表"),
            Placed(
                "three_public",
                9,
                "{year}年一般公共预算“三公”经费预算表",
                notes=(THREE_PUBLIC_NOTE,),
                statement="我{kind}{year}年没有使用一般公共预算安排的“三公”经费支出。",
            ),
            Placed(
                "government_fund_expenditure",
                10,
                "{year}年政府性基金支出预算表",
                statement="我{kind}{year}年没有使用政府性基金预算拨款安排的支出，本表无数据。",
            ),
            Placed(
                "state_capital_expenditure",
                11,
                "{year}年国有资本经营支出预算表",
                statement="我{kind}{year}年没有使用国有资本经营预算拨款安排的支出，本表无数据。",
            ),
            Placed("projects", 12, "{year}年项目支出预算表", statement="我{kind}{year}年没有项目支出，本表无数据。"),
            Placed("agency_operating", 13, "{year}年机关（机构）运行经费"),
            Placed("department_performance", 14, "本级{kind}整体绩效目标表", organisation_label="部门（单位）名称"),
            Placed("project_performance", 15, "{year}年{kind}预算项目绩效目标表"),
        ),
    )
)
