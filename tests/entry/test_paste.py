"""A table of indicators, goals or tasks pasted from a spreadsheet: shown, then all or nothing, and back."""

import pytest

from budget.importing import clipboard
from performance import pasted
from performance.models import DepartmentGoal, DepartmentIndicator, DepartmentTask, ProjectIndicator
from records.models import ChangeRecord
from tests.entry.pages import AT
from tests.factories import fingerprint

LEVELS = ProjectIndicator.Level1.values
EXCEL = (
    "一级指标\t二级指标\t三级指标\t指标值\t指标值说明\r\n"
    '产出指标\t数量指标\t发放企业数\t≥25家\t"按合同\n计算"\r\n'
    "\t\t印刷政策汇编\t不少于1,000本\t\r\n"
    '\t质量指标\t"万人助万企"宣传率\t95%以上\t\r\n'
    "满意度指标\t\t企业满意度\t≥90%\t\r\n"
)


def read(text):
    return pasted.indicators(clipboard.rows_of(text), LEVELS)


def test_cells_are_cut_as_spreadsheets_put_them():
    assert clipboard.rows_of('a\t"b\n""c"""\r\n\t"d"e\t\r\n\r\n') == [["a", 'b\n"c"'], ["", '"d"e']]
    assert clipboard.rows_of("") == []


def test_merged_levels_are_filled_down_and_headings_known():
    said = read(EXCEL)
    assert (said.faults, said.skipped) == ([], 1)
    shown = [(row["level_1"], row["level_2"], row["name"], row["target"], row["wording"]) for _, row in said.rows]
    assert shown == [
        ("产出指标", "数量指标", "发放企业数", "25", ""),
        ("产出指标", "数量指标", "印刷政策汇编", "1000", "不少于1,000本"),
        ("产出指标", "质量指标", '"万人助万企"宣传率', "95", "95%以上"),
        ("满意度指标", "", "企业满意度", "90", ""),
    ]


@pytest.mark.parametrize("head", ["\t\t\t\t\t\t成本指标\t\t产出指标\t\t效益指标\t\t满意度指标\t\n", ""])
def test_four_kinds_beside_each_other(head):
    row = "4108\t项目\t50\t50\t\t\t\t\t印刷\t≥9本\t提升\t提升\t满意度\t≥90%\n\t\t\t\t\t\t\t\t宣传率\t≥95%\t\t\t\t"
    said = read(head + row)
    assert said.faults == []
    assert [(row["level_1"][:2], row["name"]) for _, row in said.rows] == [
        ("产出", "印刷"),
        ("产出", "宣传率"),
        ("效益", "提升"),
        ("满意", "满意度"),
    ]


def test_every_fault_is_named_at_its_cell():
    said = read("产出\t数量指标\tA\t1-3次\n效益\t\tB\t\n奇怪\t\tC\t3个\n产出\t\tD\t3个\n\t\tD\t4个")
    assert [(fault.where, fault.message[:12]) for fault in said.faults] == [
        ("第1行第4列", "“1-3次”是一个区间："[:12]),
        ("第2行第4列", "没有指标值。"),
        ("第3行第1列", "“奇怪”不是一级指标，应为"[:12]),
        ("第5行第3列", "“D”和第4行重复。"),
    ]
    assert "认不出这3列" in read("x\ty\tz").faults[0].message
    assert "没有内容" in read("").faults[0].message


def test_a_table_is_shown_then_written_whole_then_taken_back(clerk, project):
    address = f"{AT}projects/{project.uid}/paste/"
    kept = {row.uid: row.name for row in ProjectIndicator.objects.filter(item=project)}
    before = sorted(ProjectIndicator.objects.filter(item=project).values_list("uid", "name", "target", "position"))
    shown = clerk.post(address, {"text": EXCEL, "mode": "replace"})
    assert shown.status_code == 200 and shown.context["plan"].counted == f"新增 4 行，删除 {len(kept)} 行"
    assert "≥ 1000 本" in shown.text
    assert sorted(ProjectIndicator.objects.filter(item=project).values_list("uid")) == sorted((uid,) for uid in kept)
    seen = shown.context["draft"].budget.version
    written = clerk.post(address, {"text": EXCEL, "mode": "replace", "seen": seen, "write": "1"})
    assert written.status_code == 302
    rows = list(ProjectIndicator.objects.filter(item=project))
    assert [row.printed for row in rows] == ["≥25家", "不少于1,000本", "95%以上", "≥90%"]
    assert set(ChangeRecord.objects.filter(operation=_last()).values_list("via", flat=True)) == {"paste"}
    done = clerk.get(written["Location"])
    assert "撤销刚才的粘贴" in done.text
    assert clerk.post(address, {"undo": done.context["undoes"]}).status_code == 302
    after = sorted(ProjectIndicator.objects.filter(item=project).values_list("uid", "name", "target", "position"))
    assert after == before


def test_with_one_fault_nothing_is_written(clerk, project):
    before = fingerprint()
    text = EXCEL.replace("≥90%", "约90%")
    answer = clerk.post(f"{AT}projects/{project.uid}/paste/", {"text": text, "seen": "1", "write": "1"})
    assert answer.status_code == 422 and "第5行第4列" in answer.text and "约90%" in answer.text
    assert fingerprint() == before


def test_a_draft_that_moved_on_is_compared_again(clerk, project):
    address = f"{AT}projects/{project.uid}/paste/"
    before = fingerprint()
    answer = clerk.post(address, {"text": EXCEL, "seen": "1", "write": "1"})
    assert answer.status_code == 409 and "没有写入" in answer.text and fingerprint() == before


def test_what_somebody_changed_since_is_not_taken_back(clerk, open_page, project):
    address = f"{AT}projects/{project.uid}/paste/"
    seen = clerk.post(address, {"text": EXCEL}).context["draft"].budget.version
    clerk.post(address, {"text": EXCEL, "seen": seen, "write": "1"})
    operation = _last()
    page = open_page(f"projects/{project.uid}/edit/")
    page["企业数", "指标值"] = "26"
    page.saved()
    assert "没有撤销" in clerk.post(address, {"undo": str(operation)}, follow=True).text
    assert ProjectIndicator.objects.get(item=project, name="发放企业数").target == "26"
    assert clerk.post(address, {"undo": "x"}).status_code == 404


def test_the_department_takes_its_own_table_goals_and_tasks(clerk, budget):
    rows = DepartmentIndicator.objects.filter(budget=budget)
    text = "\n".join(f"{row.level_1}\t{row.level_2}\t{row.name}\t{row.printed}\t{row.explanation}" for row in rows)
    same = clerk.post(f"{AT}performance/paste/indicators/", {"text": text})
    assert same.context["plan"].counted == "不变 27 行" and same.context["plan"].changes == []
    for what, text, model in (
        ("goals", "年度履职目标\n做一件事\n", DepartmentGoal),
        ("tasks", "任务名称\t主要内容\n企业服务\t走访企业", DepartmentTask),
    ):
        address, count = f"{AT}performance/paste/{what}/", model.objects.filter(budget=budget).count()
        seen = clerk.post(address, {"text": text}).context["draft"].budget.version
        assert clerk.post(address, {"text": text, "seen": seen, "write": "1"}).status_code == 302
        assert model.objects.filter(budget=budget).count() == count + 1
    assert clerk.get(f"{AT}performance/paste/other/").status_code == 404


def _last():
    return ChangeRecord.objects.order_by("-pk").first().operation
