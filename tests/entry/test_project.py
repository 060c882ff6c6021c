"""A project on one page: everything about it in one save, one write."""

from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from budget.models import Budget, Item, Line, ProcurementLine
from performance.models import ProjectGoal, ProjectIndicator
from projects.models import CostDetail, Dossier
from records.models import ChangeRecord
from tests.entry.pages import AT
from tests.factories import fingerprint


def test_a_new_project_is_one_write(open_page, budget):
    page = open_page("projects/new/")
    page["项目名称"] = "科技创新券"
    page["项目编码"] = "41080224 0000000099999"
    page["项目类别"] = "3"
    page["预算明细，第1行", "功能分类"] = "2060404"
    page["预算明细，第1行", "金额"] = "12.5"
    page["绩效目标"] = "发放创新券，支持小微企业购买研发服务。"
    page["重点项目"] = "on"
    page["联系人"] = "王经办"
    for name in ("costs", "procurement", "indicators"):
        page = page.post(add=name)
        assert page.status == 200 and not Item.objects.filter(name="科技创新券").exists()
    page["测算明细，第1行", "测算内容"] = "创新券"
    page["测算明细，第1行", "数量"] = "25"
    page["测算明细，第1行", "单价"] = "0.5"
    page["政府采购，第1行", "采购类别"] = "services"
    page["政府采购，第1行", "采购品目"] = "研发服务"
    page["政府采购，第1行", "数量"] = "1"
    page["政府采购，第1行", "金额"] = "12.5"
    row = page.row("绩效指标，第1行", "三级指标")
    page.fields.update(
        {
            f"{row}-level_1": "产出指标",
            f"{row}-name": "发放企业数",
            f"{row}-operator": "≥",
            f"{row}-target": "25",
            f"{row}-measure": "家",
        }
    )
    version = Budget.objects.get(pk=budget.pk).version
    after = page.saved()
    item = Item.objects.get(name="科技创新券")
    assert after.address == f"{AT}projects/{item.uid}/edit/"
    assert "测算合计 12.50，明细合计 12.50，一致（万元）。" in after.text
    assert Budget.objects.get(pk=budget.pk).version == version + 1
    assert (item.code, item.category) == ("410802240000000099999", "3")
    line = Line.objects.get(item=item)
    assert (line.amount, line.economic.is_unspecified) == (Decimal(125000), True)
    assert CostDetail.objects.get(item=item).amount == Decimal("125000.00")
    assert ProcurementLine.objects.get(item=item).amount == Decimal(125000)
    assert ProjectGoal.objects.get(item=item).text.startswith("发放创新券")
    assert ProjectIndicator.objects.get(item=item).printed == "≥25家"
    assert Dossier.objects.get(item=item).is_key
    assert ChangeRecord.objects.order_by("-sequence").values_list("operation").distinct().count() >= 1
    assert ChangeRecord.objects.filter(operation=ChangeRecord.objects.latest("sequence").operation).count() == 7


def test_opening_and_saving_changes_nothing(open_page, project):
    page = open_page(f"projects/{project.uid}/edit/")
    before = fingerprint()
    page.saved()
    assert fingerprint() == before


def test_the_page_asks_few_questions(clerk, project):
    with CaptureQueriesContext(connection) as asked:
        assert clerk.get(f"{AT}projects/{project.uid}/edit/").status_code == 200
    assert len(asked) <= 17


def test_errors_of_all_parts_stand_together(open_page, project):
    page = open_page(f"projects/{project.uid}/edit/")
    before = fingerprint()
    page["项目编码"] = "41080224"
    page["预算明细，第1行", "金额"] = "十"
    page["不公开"] = "on"
    page["结束年度"] = "2023"
    page["绩效指标，第1行", "指标值"] = "两家"
    answer = page.post()
    assert answer.status == 422
    for words in ("“41080224”是8位", "请用阿拉伯数字", "须填写公开时的名称", "不能早于开始年度"):
        assert words in answer.summary and answer.text.count(words) >= 2
    assert fingerprint() == before
    answer["项目编码"] = project.code
    answer["预算明细，第1行", "金额"] = "50"
    del answer.fields[answer.name("不公开")]
    answer["结束年度"] = "2024"
    again = answer.post()
    assert "有计算符号的指标值须是数字" in again.summary
    assert fingerprint() == before


def test_flags_and_ticks_are_kept(open_page, project):
    page = open_page(f"projects/{project.uid}/edit/")
    page["预算明细，第1行", "采购"] = "on"
    page["信息化"] = "on"
    page = page.saved()
    line = Line.objects.get(item=project)
    assert (line.is_procurement, line.is_asset, line.is_purchased_service) == (True, False, False)
    assert Dossier.objects.get(item=project).is_information_system
    del page.fields[page.name("预算明细，第1行", "采购")]
    page.saved()
    assert not Line.objects.get(item=project).is_procurement


def test_a_goal_without_words_goes(open_page, project):
    page = open_page(f"projects/{project.uid}/edit/")
    page["绩效目标"] = " "
    page.saved()
    assert not ProjectGoal.objects.filter(item=project).exists()


def test_deleting_says_what_goes_and_takes_it_all(open_page, clerk, project):
    ProcurementLine.objects.create(budget=project.budget, item=project, kind="goods", name="电脑", amount=100)
    address = f"{AT}projects/{project.uid}/delete/"
    asked = clerk.get(address)
    assert "1 条预算明细，1 条政府采购，4 条绩效指标" in asked.content.decode()
    stale = clerk.post(address, {"seen": "1"})
    assert stale.status_code == 409 and Item.objects.filter(pk=project.pk).exists()
    version = Budget.objects.get(pk=project.budget_id).version
    assert clerk.post(address, {"seen": str(version)}).status_code == 302
    assert not Item.objects.filter(uid=project.uid).exists()
    assert not ProcurementLine.objects.filter(name="电脑").exists()
    assert ChangeRecord.objects.filter(subject="budget.procurementline", action="remove").count() == 1
    assert clerk.get(f"{AT}projects/{project.uid}/edit/").status_code == 404


def test_a_project_deleted_meanwhile_is_not_lost(open_page, clerk, project, budget):
    page = open_page(f"projects/{project.uid}/edit/")
    page["预算明细，第1行", "金额"] = "60"
    version = Budget.objects.get(pk=budget.pk).version
    clerk.post(f"{AT}projects/{project.uid}/delete/", {"seen": str(version)})
    answer = page.post()
    assert answer.status == 409 and "已被他人删除" in answer.text
    answer.fields[f"{answer.row('项目名称')}-keep"] = "mine"
    answer.saved()
    again = Item.objects.get(name=project.name)
    assert Line.objects.get(item=again).amount == Decimal(600000)
    assert ProjectIndicator.objects.filter(item=again).count() == 4


def test_rights(open_page, client_of, strange, outsider, project):
    theirs = Item.objects.get(budget=strange)
    clerk = client_of("jingban")
    for path in ("edit", "delete"):
        for address in (f"{AT}projects/{theirs.uid}/{path}/", f"/777001/2024/second/projects/{theirs.uid}/{path}/"):
            assert clerk.get(address).status_code == 404
            assert clerk.post(address, {"draft": "", "seen": "1"}).status_code == 404
        assert outsider.get(f"{AT}projects/{project.uid}/{path}/").status_code == 404
    reviewer = client_of("shenhe")
    before = fingerprint()
    assert reviewer.get(f"{AT}projects/{project.uid}/edit/").status_code == 200
    for path in (f"projects/{project.uid}/edit/", f"projects/{project.uid}/delete/", "projects/new/"):
        assert reviewer.post(AT + path, {"draft": "x", "seen": "1"}).status_code == 403
    assert fingerprint() == before


def test_nothing_posted_is_no_project(clerk, budget):
    before = fingerprint()
    answer = clerk.post(f"{AT}projects/new/", {"unit": "x", "whatever": "1"})
    assert answer.status_code == 422 and "请填写项目的基本信息" in answer.content.decode()
    assert fingerprint() == before


def test_a_project_given_up_leads_to_the_list(open_page, clerk, project, budget):
    page = open_page(f"projects/{project.uid}/edit/")
    page["项目名称"] = "改了名"
    clerk.post(f"{AT}projects/{project.uid}/delete/", {"seen": str(Budget.objects.get(pk=budget.pk).version)})
    answer = page.post()
    answer.fields[f"{answer.row('项目名称')}-keep"] = "theirs"
    assert answer.client.post(answer.address, answer.fields)["Location"] == f"{AT}projects/"
    assert not Item.objects.filter(name="改了名").exists()
