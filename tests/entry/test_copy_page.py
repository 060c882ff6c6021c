"""从以前的预算带入, as a clerk does it: choose, look, confirm; nothing is written before."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from budget.models import Budget, DraftRow, Item, Line
from records.models import ChangeRecord
from tests.budget.copying.workbooks import published
from tests.factories import fingerprint, make_budget, make_item, make_line

pytestmark = pytest.mark.django_db
AT = "/566001/2025/second/copy/"
CHOSEN = {"parts": ["basic", "projects", "dossiers"], "way": "amounts", "keeping": "missing"}


@pytest.fixture
def draft(budget):
    return make_budget(budget.unit, year=2025)


def choice(source, **chosen):
    return {"source": str(source.uid), **CHOSEN, **chosen}


def hidden(response) -> dict:
    """The hidden fields of the page that asks to confirm."""
    found: dict[str, list] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode()):
        found.setdefault(name, []).append(value)
    return {name: values for name, values in found.items() if name != "csrfmiddlewaretoken"}


def test_three_clicks_to_a_new_year(clerk, draft, budget):
    page = clerk.get(AT)
    assert "2024年二上（草稿）" in page.content.decode()
    before = fingerprint()
    preview = clerk.post(AT, {"step": "preview", **choice(budget)})
    assert preview.status_code == 200 and "393.52 万元，带入 393.52 万元" in preview.content.decode()
    assert fingerprint() == before
    answer = clerk.post(AT, hidden(preview), follow=True)
    text = answer.content.decode()
    assert "已从2024年二上（草稿）带入：项目 38、预算明细 40、项目档案 7。" in text
    assert Line.objects.of(draft).count() == 40 and "带入后未核对的明细" in text
    assert ChangeRecord.objects.filter(chain=draft.chain).first().by.username == "jingban"
    again = clerk.post(AT, hidden(preview), follow=True)  # the button twice
    assert "草稿在此期间有改动，没有写入" in again.content.decode() and Line.objects.of(draft).count() == 40


def test_a_draft_that_moved_on_is_shown_again(clerk, draft, budget):
    preview = clerk.post(AT, {"step": "preview", **choice(budget)})
    make_item(draft, "别人加的")
    before = fingerprint()
    answer = clerk.post(AT, hidden(preview))
    assert "没有写入" in answer.content.decode() and fingerprint() == before


@pytest.mark.parametrize(
    ("chosen", "error"),
    [
        ({"way": "percent", "percent": ""}, "请填写增减百分比。"),
        ({"way": "percent", "percent": "五"}, "不是数字"),
        ({"way": "percent", "percent": "1.234"}, "小数超过2位"),
        ({"way": "percent", "percent": "-100"}, "须大于-100"),
        ({"parts": []}, "请至少选一样。"),
        ({"parts": ["everything"]}, "请从列出的内容中选择。"),
    ],
)
def test_what_is_wrong_is_told(clerk, draft, budget, chosen, error):
    answer = clerk.post(AT, {"step": "confirm", "seen": "1", **choice(budget, **chosen)})
    assert answer.status_code == 422 and error in answer.content.decode()
    assert not Item.objects.of(draft).exists()


def test_a_percentage_and_the_structure_alone(clerk, draft, budget):
    preview = clerk.post(AT, {"step": "preview", **choice(budget, way="percent", percent="3.5%")})
    assert "带入 407.31 万元" in preview.content.decode()
    preview = clerk.post(AT, {"step": "preview", **choice(budget, way="structure")})
    clerk.post(AT, hidden(preview))
    assert DraftRow.objects.filter(budget=draft).count() == 40


def test_budgets_of_others_are_no_source(clerk, draft, strange):
    answer = clerk.post(AT, {"step": "preview", **choice(strange)})
    assert answer.status_code == 422 and "不可见的项目" not in answer.content.decode()
    assert "请从列出的预算中选一份。" in answer.content.decode()


def test_only_whoever_may_edit_gets_there(client_of, draft, outsider):
    assert client_of("shenhe").get(AT).status_code == 403
    assert outsider.get(AT).status_code == 404
    draft.state, draft.submitted = "submitted", draft.created
    Budget.objects.filter(pk=draft.pk).update(state="submitted", submitted=draft.created)
    assert "不能修改" in client_of("jingban").get(AT).content.decode()
    assert client_of("jingban").post(AT, {"step": "preview"}).status_code == 409


def test_what_was_brought_over_is_looked_at(clerk, draft, budget):
    clerk.post(AT, hidden(clerk.post(AT, {"step": "preview", **choice(budget)})))
    home = clerk.get("/566001/2025/second/").content.decode()
    assert "带入后未核对的明细 40 条" in home
    line = Line.objects.of(draft).first()
    answer = clerk.post(AT, {"step": "check", "line": [f"{line.uid}:{line.version}"]}, follow=True)
    assert "已核对：1 条明细。" in answer.content.decode()
    assert "带入后未核对的明细 39 条" in clerk.get("/566001/2025/second/").content.decode()
    stale = clerk.post(AT, {"step": "check", "line": [f"{Line.objects.of(draft).last().uid}:7", "x"]}, follow=True)
    assert "没有标记" in stale.content.decode() and Line.objects.of(draft).unchecked().count() == 39


def test_a_published_workbook(clerk, draft):
    before = fingerprint()
    file = SimpleUploadedFile("公开.xlsx", published())
    preview = clerk.post(AT, {"step": "published", "file": file})
    text = preview.content.decode()
    assert "与原表完全一致" in text and "推定的 9 条" in text and "合计 393.52 万元" in text
    assert fingerprint() == before
    answer = clerk.post(AT, hidden(preview), follow=True)
    assert "已从公开的工作簿写入明细 40 条，其中 9 条有推定" in answer.content.decode()
    assert Line.objects.of(draft).filter(origin="presumed").count() == 9


def test_a_published_workbook_of_another_unit_is_told(clerk, draft):
    Budget.objects.filter(pk=draft.pk).update(unit_name="另一局")
    preview = clerk.post(AT, {"step": "published", "file": SimpleUploadedFile("公开.xlsx", published())})
    assert "请核对是否拿错了文件" in preview.content.decode()


def test_facts_that_are_not_ours_are_not_taken(clerk, draft, budget):
    preview = clerk.post(AT, {"step": "published", "file": SimpleUploadedFile("公开.xlsx", published())})
    fields = hidden(preview)
    before = fingerprint()
    for wrong in ({"facts": fields["facts"][0][:-2]}, {"facts": ""}, {"seen": "99"}):
        assert "没有写入" in clerk.post(AT, fields | wrong, follow=True).content.decode()
    other = AT.replace("2025", "2024")  # signed for another budget
    assert "没有写入" in clerk.post(other, fields | {"seen": str(budget.version)}, follow=True).content.decode()
    assert fingerprint() == before


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "文件是空的"),
        (b"%PDF-1.4", "文件是 PDF"),
        (b"PK\x03\x04broken", "文件无法读取"),
        (published(lambda name, rows: rows if name.startswith("03") else None), "工作簿中没有找到"),
    ],
)
def test_a_file_that_is_none_is_refused(clerk, draft, content, error):
    answer = clerk.post(AT, {"step": "published", "file": SimpleUploadedFile("公开.xlsx", content)})
    assert answer.status_code == 422 and error in answer.content.decode()


def test_a_department_chooses_its_unit(client_of, draft):
    make_line(make_item(make_budget("566002", year=2025), "办公费"), 100)
    assert client_of("jingban").get("/566/2025/second/copy/").status_code == 404
    assert client_of("zhuguan").get("/566/2025/second/template/").status_code == 200


def test_the_files_of_a_unit(clerk, budget):
    for page, start in (
        ("template/", b"PK"),
        ("template/?unit=元", b"PK"),
        ("lines.csv", b"\xef\xbb\xbfcategory,"),
    ):
        answer = clerk.get(f"/566001/2024/second/{page}")
        assert answer.status_code == 200 and answer.content.startswith(start)
        assert "attachment" in answer.headers["Content-Disposition"]
    assert clerk.post("/566001/2024/second/template/").status_code == 405
