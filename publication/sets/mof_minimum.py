"""财政部八表: the ministry's minimum. Coarser columns, functional rows with 类 and 款 above the 项."""

from budget.reporting import registry
from budget.reporting.spec import Placed, TableSet
from budget.reporting.where import Where

FUNCTION_CLASSES = (
    ("201", "一、一般公共服务支出"),
    ("202", "二、外交支出"),
    ("203", "三、国防支出"),
    ("204", "四、公共安全支出"),
    ("205", "五、教育支出"),
    ("206", "六、科学技术支出"),
    ("207", "七、文化旅游体育与传媒支出"),
    ("208", "八、社会保障和就业支出"),
    ("209", "九、社会保险基金支出"),
    ("210", "十、卫生健康支出"),
    ("211", "十一、节能环保支出"),
    ("212", "十二、城乡社区支出"),
    ("213", "十三、农林水支出"),
    ("214", "十四、交通运输支出"),
    ("215", "十五、资源勘探工业信息等支出"),
    ("216", "十六、商业服务业等支出"),
    ("217", "十七、金融支出"),
    ("219", "十九、援助其他地区支出"),
    ("220", "二十、自然资源海洋气象等支出"),
    ("221", "二十一、住房保障支出"),
    ("222", "二十二、粮油物资储备支出"),
    ("223", "二十三、国有资本经营预算支出"),
    ("224", "二十四、灾害防治及应急管理支出"),
    ("227", "二十七、预备费"),
    ("229", "二十九、其他支出"),
    ("230", "三十、转移性支出"),
    ("231", "三十一、债务还本支出"),
    ("232", "三十二、债务付息支出"),
    ("233", "三十三、债务发行费用支出"),
)

COARSE = frozenset({"basic", "project"})

MOF_MINIMUM = registry.table_set(
    TableSet(
        key="mof_minimum",
        title="财政部八表",
        unit="万元",
        function_classes=FUNCTION_CLASSES,
        function_lengths=(3, 5, 7),
        agency_operating=Where(economic=("302", "310")),
        tables=(
            Placed("revenue_and_expenditure", 1, "{year}年{kind}收支总体情况表"),
            Placed("revenue", 2, "{year}年{kind}收入总体情况表"),
            Placed("expenditure", 3, "{year}年{kind}支出总体情况表", collapse=COARSE),
            Placed("fiscal_appropriation", 4, "{year}年财政拨款收支总体情况表"),
            Placed("general_expenditure", 5, "{year}年一般公共预算支出情况表", collapse=COARSE),
            Placed("general_basic_by_economic", 6, "{year}年一般公共预算基本支出情况表"),
            Placed("three_public", 7, "{year}年一般公共预算“三公”经费支出情况表"),
            Placed(
                "government_fund_expenditure",
                8,
                "{year}年政府性基金预算支出情况表",
                collapse=COARSE,
                statement="本{kind}{year}年没有使用政府性基金预算拨款安排的支出，本表无数据。",
            ),
        ),
    )
)
