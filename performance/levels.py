"""The usual level-1 and level-2 indicators, to choose from: others may be written.

Projects: 财政部《项目支出绩效评价管理办法》（财预〔2020〕10号） and its indicator system;
departments: the template of the province's 部门整体绩效目标.
"""

PROJECT = {
    "成本指标": ("经济成本指标", "社会成本指标", "生态环境成本指标"),
    "产出指标": ("数量指标", "质量指标", "时效指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标",),
}
DEPARTMENT = {
    "投入管理指标": ("工作目标管理", "预算和财务管理", "绩效管理"),
    "产出指标": ("重点工作任务完成", "履职目标实现"),
    "效益指标": ("履职效益", "满意度"),
}
