"""“三公”经费: the economic classes of each part, stated once for tables, rules and control numbers."""

# 表9; 《党政机关厉行节约反对浪费条例》; 支出经济分类科目: 因公出国（境）, 购车, 车辆运行, 公务接待
PARTS = {
    "abroad": ("30212",),
    "vehicles.purchase": ("30913", "31013"),
    "vehicles.running": ("30231",),
    "reception": ("30217",),
}
CLASSES = tuple(code for codes in PARTS.values() for code in codes)
