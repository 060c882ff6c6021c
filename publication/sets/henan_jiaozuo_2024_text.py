"""The wording of 河南·焦作 2024, after the published document; docs/narrative-differences.md says where not."""

from budget.models import AssetHolding
from publication.narrative.wording import (
    Glossary,
    Heading,
    Paragraph,
    Part,
    Repeated,
    Wording,
    always,
    by_amount,
    by_change,
    declare,
)

from . import figures, terms

KINDS = AssetHolding.Kind


def compared(id: str, of: str, *, what: str = "", than: str = "上年", end: str = "。"):
    """增加、减少、持平、新增、取消: a change with its reason, which is asked for where there is one.

    `than`: what it is compared with; `what` stands before the change where the sentence has not named it yet.
    """
    if what:
        more = same = f"与{than}相比，{what}" if than else what
    else:
        more, same = f"比{than}", f"与{than}相比"
    because = f"，主要原因：{{{of}.reason}}{end}"
    perhaps = f"[，主要原因：{{{of}.reason}}]{end}"
    return by_change(
        id,
        of,
        increase=f"{more}增加{{{of}.change}}，增长{{{of}.rate}}{because}",
        decrease=f"{more}减少{{{of}.change}}，下降{{{of}.rate}}{because}",
        same=f"{same}持平{perhaps}",
        new=f"{what}为本年新增{because}",
        gone=f"{more}减少{{{of}.change}}，本年未安排{because}",
        nothing=f"{same}持平，两年均未安排{perhaps}",
        unknown=f"{what}{{{of}.unknown}}，未与上年比较{perhaps}",
    )


def only_some(id: str, of: str, text: str):
    """A phrase for money that not every department has."""
    return by_amount(id, of, some=text, zero="")


OVERVIEW = Part(
    "第一部分",
    "{name}概况",
    (
        Heading(1, "一、主要职能"),
        Heading(2, "（一）机构设置情况"),
        Paragraph(
            always("staffing", "{name}机关及归口预算管理单位人员共有编制{posts}人，其中行政{posts_administrative}人。")
        ),
        Heading(2, "（二）{kind}职责"),
        Repeated("duties", always("duty", "{number}、{text}"), always("no-duties", "{no_duties}")),
        Heading(1, "二、预算单位构成"),
        Paragraph(
            by_amount(
                "composition",
                "office_units",
                some="纳入{our}{year}年度部门预算编制范围的预算单位共{office_units}个，具体是：",
                zero="",
            ),
            only_some("composition-alone", "sole_department", "{our}系一级预算单位，无所属单位预算在内汇总预算。"),
            only_some("composition-unit", "single_unit", "{our}系部门所属预算单位，无下级预算单位。"),
        ),
        Repeated("units", always("unit", "{number}、{label}")),
    ),
)

EXPLANATION = Part(
    "第二部分",
    "{name}{year}年度{kind}预算情况说明",
    (
        Heading(1, "一、收入支出预算总体情况说明"),
        Paragraph(
            always("totals", "{name}{year}年收入总计{income}，支出总计{spending}，"),
            by_change(
                "totals-change",
                "spending",
                increase="与上年相比，收、支总计各增加{spending.change}，增长{spending.rate}。主要原因：{spending.reason}。",
                decrease="与上年相比，收、支总计各减少{spending.change}，下降{spending.rate}。主要原因：{spending.reason}。",
                same="与上年相比，收、支总计持平[。主要原因：{spending.reason}]。",
                new="与上年相比，收、支总计均为本年新增。主要原因：{spending.reason}。",
                gone="与上年相比，收、支总计各减少{spending.change}，本年未安排。主要原因：{spending.reason}。",
                nothing="与上年持平，两年均未安排[。主要原因：{spending.reason}]。",
                unknown="{spending.unknown}，未与上年比较。",
            ),
        ),
        Heading(1, "二、收入预算总体情况说明"),
        Paragraph(
            always(
                "income",
                "{name}{year}年收入合计{income}，其中：一般公共预算收入{income_general}；政府性基金预算收入"
                "{income_government_fund}；国有资本经营预算收入{income_state_capital}；财政专户管理资金收入"
                "{income_special_account}；",
            ),
            only_some("income-undertakings", "income_undertakings", "事业收入{income_undertakings}；"),
            only_some("income-operations", "income_operations", "事业单位经营收入{income_operations}；"),
            only_some("income-from-above", "income_from_above", "上级补助收入{income_from_above}；"),
            only_some("income-from-below", "income_from_below", "附属单位上缴收入{income_from_below}；"),
            always("income-other", "其他收入{income_other}"),
            by_amount("income-carried-over", "carried_over", some="；上年结转结余{carried_over}。", zero="。"),
        ),
        Heading(1, "三、支出预算总体情况说明"),
        Paragraph(
            by_amount(
                "spending",
                "spent",
                some="{name}{year}年支出合计{spent}，其中：基本支出{basic}，占{basic.share}；项目支出{project}，"
                "占{project.share}。",
                zero="{name}{year}年支出合计{spent}，其中：基本支出{basic}；项目支出{project}。",
            ),
            only_some("carried-out", "carried_out", "另有年终结转结余{carried_out}。"),
        ),
        Heading(1, "四、财政拨款收入支出预算总体情况说明"),
        Paragraph(
            always("fiscal", "{name}{year}年一般公共预算收支预算{general}，政府性基金收支预算{fund}。"),
            compared("fiscal-general", "general", what="一般公共预算收支预算", end="；"),
            compared("fiscal-fund", "fund", what="政府性基金收支预算", than=""),
        ),
        Heading(1, "五、一般公共预算支出预算情况说明"),
        Paragraph(
            by_amount(
                "general",
                "general",
                some="{name}{year}年一般公共预算支出年初预算为{general}。其中本年支出主要用于以下方面：{general_classes}。",
                zero="{name}{year}年一般公共预算支出年初预算为{general}，{our}{year}年没有使用一般公共预算拨款安排的支出。",
            )
        ),
        Heading(1, "六、一般公共预算基本支出预算情况说明"),
        Paragraph(
            always("general-basic", "{name}{year}年一般公共预算基本支出{general_basic}，其中：人员经费{personnel}"),
            by_amount("personnel", "personnel", some="，主要包括：{personnel_names}；", zero="；"),
            always("operating", "公用经费{operating}"),
            by_amount("operating-names", "operating", some="，主要包括：{operating_names}。", zero="。"),
        ),
        Heading(1, "七、政府性基金预算支出预算情况说明"),
        Paragraph(
            by_amount(
                "government-fund",
                "fund",
                some="{year}年政府性基金预算支出{fund}，主要用于以下方面：{fund_classes}。",
                zero="{year}年政府性基金预算支出{fund}，{our}{year}年没有使用政府性基金预算拨款安排的支出。",
            )
        ),
        Heading(1, "八、国有资本经营预算支出预算情况说明"),
        Paragraph(
            by_amount(
                "state-capital",
                "state_capital",
                some="{year}年国有资本经营预算支出{state_capital}，主要用于以下方面：{state_capital_classes}。",
                zero="{year}年国有资本经营预算支出{state_capital}，{our}{year}年没有使用国有资本经营预算拨款安排的支出。",
            )
        ),
        Heading(1, "九、“三公”经费支出预算情况说明"),
        Paragraph(
            always("three-public", "{name}{year}年“三公”经费支出预算为{three_public}，"),
            by_change(
                "three-public-change",
                "three_public",
                increase="比上年预算数增加{three_public.change}，增长{three_public.rate}。",
                decrease="比上年预算数减少{three_public.change}，下降{three_public.rate}。",
                same="与上年预算数持平。",
                new="为本年新增。",
                gone="比上年预算数减少{three_public.change}，本年未安排。",
                nothing="与上年预算数持平，两年均未安排。",
                unknown="{three_public.unknown}，未与上年比较。",
            ),
        ),
        Paragraph(always("three-public-parts", "具体支出情况如下：")),
        Paragraph(
            always("abroad", "（一）因公出国（境）费{abroad}，"),
            compared("abroad-change", "abroad"),
        ),
        Paragraph(
            always("vehicles", "（二）公务用车购置及运行费{vehicles}。其中：公务用车购置费{vehicle_purchase}，"),
            compared("vehicle-purchase-change", "vehicle_purchase", end="；"),
            always("vehicle-running", "公务用车运行维护费{vehicle_running}，"),
            compared("vehicle-running-change", "vehicle_running"),
        ),
        Paragraph(
            by_amount(
                "reception",
                "reception",
                some="（三）公务接待费{reception}，主要用于单位按规定开支的各类公务接待（含外宾接待），",
                zero="（三）公务接待费{reception}，",
            ),
            compared("reception-change", "reception", than="上年预算数"),
        ),
        Heading(1, "十、其他重要事项的情况说明"),
        Heading(2, "（一）机关（机构）运行经费支出情况"),
        Paragraph(
            by_amount(
                "agency",
                "agency_operating",
                some="{name}{year}年机关（机构）运行经费支出预算{agency_operating}，主要保障机关（机构）正常运转及正常履职需要的"
                "{agency_names}等支出，",
                zero="{name}{year}年机关（机构）运行经费支出预算{agency_operating}，",
            ),
            compared("agency-change", "agency_operating"),
        ),
        Heading(2, "（二）政府采购支出情况"),
        Paragraph(
            always(
                "procurement",
                "{year}年政府采购预算安排{procurement}，其中：政府采购货物预算{goods}、政府采购工程预算{works}、"
                "政府采购服务预算{services}。",
            )
        ),
        Heading(2, "（三）关于预算绩效管理工作开展情况说明"),
        Paragraph(
            by_amount(
                "performance",
                "department_kinds",
                some="{year}年{name}按要求编制了{kind}整体绩效目标，设置了{department_kinds}。",
                zero="",
            ),
            by_amount(
                "project-performance",
                "project_kinds",
                some="项目支出按要求编制了绩效目标，设置了{project_kinds}，反映各项目的预期完成情况。",
                zero="",
            ),
            always("performance-money", "{year}年，{our}纳入预算绩效管理的支出总额为{spent}。其中：基本支出{basic}；"),
            by_amount(
                "performance-projects",
                "projects",
                some="项目支出{project}，涉及项目{projects}个。",
                zero="项目支出{project}。",
            ),
        ),
        Repeated(
            "key_projects",
            always("key-project", "重点项目{ordinal}：{label}项目，年初预算安排{amount}，主要用于：{purpose}。"),
        ),
        Heading(2, "（四）国有资产占用情况"),
        Paragraph(
            always(
                "assets",
                "上年期末，{name}固定资产总额{assets}，其中，房屋建筑物{buildings}，车辆{vehicle_assets}，办公设备"
                "{office_equipment}，专用设备{special_equipment}，其他资产{other_assets}。车辆共有{vehicles_held}辆，其中："
                "一般公务用车{vehicles_general}辆，执法执勤车{vehicles_enforcement}辆；"
                f"{KINDS.GENERAL_OVER_50.label}{{general_over}}台（套），{KINDS.SPECIAL_OVER_100.label}{{special_over}}台（套）。",
            )
        ),
        Heading(2, "（五）专项转移支付项目情况"),
        Paragraph(
            by_amount(
                "transfers",
                "transfers",
                some="{our}负责管理的专项转移支付项目共有{transfers}项；{our}将按照《预算法》等有关规定，积极做好项目分配前期准备"
                "工作，在规定的时间内向财政部门提出资金分配意见，根据有关要求做好项目申报公开等相关工作。",
                zero="{our}没有负责管理的专项转移支付项目。",
            )
        ),
        Heading(2, "（六）关于预算部门构成说明"),
        Paragraph(
            by_amount(
                "disclosed-units",
                "lacking",
                some="{year}年{our}所属单位中，{lacking}没有编制预算，未包括在内。",
                zero="{year}年{our}按照财政预算公开要求，将所属预算单位全部纳入预算公开范围。",
            )
        ),
    ),
)

GLOSSARY = Part(
    "第三部分",
    "名词解释",
    (
        Glossary(
            (
                *terms.TERMS,
                (
                    "机关（机构）运行经费",
                    "是指为保障机关（机构）正常运转及正常履职需要，用一般公共预算安排的基本支出中的办公费、水电费、物业管理费、"
                    "维修费、差旅费、工会经费、福利费以及其他费用，不含公务接待费和其他交通费用。",
                    ("agency_operating",),
                ),
            ),
            terms.CLASSES,
        ),
    ),
)

TEXT = declare(
    Wording(
        set="henan_jiaozuo_2024",
        figures={**figures.TOTALS, **figures.OF_FIFTEEN},
        parts=(OVERVIEW, EXPLANATION, GLOSSARY),
    )
)
