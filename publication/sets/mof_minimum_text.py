"""The wording of 财政部八表: the eight explanations, short."""

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


def compared(id: str, of: str):
    because = f"，主要原因：{{{of}.reason}}。"
    perhaps = f"[，主要原因：{{{of}.reason}}]。"
    return by_change(
        id,
        of,
        increase=f"比上年增加{{{of}.change}}，增长{{{of}.rate}}{because}",
        decrease=f"比上年减少{{{of}.change}}，下降{{{of}.rate}}{because}",
        same=f"与上年持平{perhaps}",
        new=f"为本年新增{because}",
        gone=f"比上年减少{{{of}.change}}，本年未安排{because}",
        nothing=f"与上年持平，两年均未安排{perhaps}",
        unknown=f"{{{of}.unknown}}，未与上年比较{perhaps}",
    )


TEXT = declare(
    Wording(
        set="mof_minimum",
        figures=figures.TOTALS,
        parts=(
            Part(
                "第一部分",
                "{kind}概况",
                (
                    Heading(1, "一、主要职责"),
                    Repeated("duties", always("duty", "{number}、{text}"), always("no-duties", "{no_duties}")),
                    Heading(1, "二、机构设置"),
                    Paragraph(
                        always("staffing", "共有编制{posts}人，其中行政编制{posts_administrative}人。"),
                        by_amount("composition", "office_units", some="预算单位共{office_units}个，具体是：", zero=""),
                    ),
                    Repeated("units", always("unit", "{number}、{label}")),
                ),
            ),
            Part(
                "第二部分",
                "{year}年{kind}预算情况说明",
                (
                    Heading(1, "一、收支总体情况"),
                    Paragraph(
                        always("totals", "{year}年收入总预算{income}，支出总预算{spending}，"),
                        compared("totals-change", "spending"),
                    ),
                    Heading(1, "二、支出总体情况"),
                    Paragraph(
                        by_amount(
                            "spending",
                            "spent",
                            some="{year}年支出预算{spent}，其中：基本支出{basic}，占{basic.share}；项目支出{project}，占"
                            "{project.share}。",
                            zero="{year}年支出预算{spent}。",
                        )
                    ),
                    Heading(1, "三、一般公共预算支出情况"),
                    Paragraph(
                        always("general", "{year}年一般公共预算支出{general}，"),
                        compared("general-change", "general"),
                        by_amount("general-classes", "general", some="按支出功能分类：{general_classes}。", zero=""),
                    ),
                    Heading(1, "四、一般公共预算基本支出情况"),
                    Paragraph(
                        always(
                            "general-basic", "{year}年一般公共预算基本支出{general_basic}，其中：人员经费{personnel}"
                        ),
                        by_amount("personnel", "personnel", some="，主要包括：{personnel_names}；", zero="；"),
                        always("operating", "公用经费{operating}"),
                        by_amount("operating-names", "operating", some="，主要包括：{operating_names}。", zero="。"),
                    ),
                    Heading(1, "五、“三公”经费支出情况"),
                    Paragraph(
                        always(
                            "three-public", "{year}年“三公”经费预算{three_public}，其中：因公出国（境）费{abroad}，"
                        ),
                        compared("abroad-change", "abroad"),
                        always("vehicle-purchase", "公务用车购置费{vehicle_purchase}，"),
                        compared("vehicle-purchase-change", "vehicle_purchase"),
                        always("vehicle-running", "公务用车运行费{vehicle_running}，"),
                        compared("vehicle-running-change", "vehicle_running"),
                        always("reception", "公务接待费{reception}，"),
                        compared("reception-change", "reception"),
                    ),
                    Heading(1, "六、政府性基金预算支出情况"),
                    Paragraph(
                        by_amount(
                            "government-fund",
                            "fund",
                            some="{year}年政府性基金预算支出{fund}。按支出功能分类：{fund_classes}。",
                            zero="本{kind}{year}年没有使用政府性基金预算拨款安排的支出。",
                        )
                    ),
                    Heading(1, "七、其他重要事项"),
                    Paragraph(
                        always(
                            "procurement",
                            "{year}年政府采购预算{procurement}，其中：货物{goods}，工程{works}，服务{services}。",
                        ),
                        always("assets", "上年期末固定资产总额{assets}，共有车辆{vehicles_held}辆。"),
                    ),
                ),
            ),
            Part("第三部分", "名词解释", (Glossary(terms.TERMS, terms.CLASSES),)),
        ),
    )
)
