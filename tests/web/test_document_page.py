"""全文 on screen: figures lead to their cells, what is missing to its form; files are for who exports books."""

import re

import pytest

from budget import writing
from budget.models import Reason
from tests.web.conftest import AT

PAGE = f"{AT}document/"
pytestmark = pytest.mark.django_db


def test_the_text_is_shown_whole_and_its_figures_lead_to_their_cells(clerk):
    page = clerk.get(PAGE).content.decode()
    links = re.findall(r'<a class="fig" href="([^"]+)">([^<]+)</a>', page)
    assert len(links) > 40
    assert "收入总计" in page and page.count("<h3>") == 12
    for address, _ in {(address.replace("&amp;", "&").split("#")[0], "") for address, _ in links}:
        assert clerk.get(address).status_code == 200, address


def test_what_is_missing_leads_to_where_it_is_written(clerk, budget):
    assert "待补充" not in clerk.get(PAGE).content.decode()
    row = Reason.objects.get(budget=budget, topic="reception")
    writing.write(budget, [writing.Remove(Reason, row.uid, row.version)], by=None, via="command")
    page = clerk.get(PAGE).content.decode()
    assert "待补充（1 处）" in page
    assert page.count(f'href="{AT}facts/#reasons">（原因待填写）</a>') == 2  # in the list, and in the sentence


def test_what_is_typed_is_escaped(clerk, budget):
    row = Reason.objects.get(budget=budget, topic="reception")
    words = "<script>alert(1)</script>{{ 7*7 }}"
    writing.write(budget, [writing.Edit(Reason, row.uid, row.version, {"text": words})], by=None, via="command")
    page = clerk.get(PAGE).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page


@pytest.mark.parametrize(("form", "begin"), [("docx", b"PK"), ("pdf", b"%PDF")])
def test_the_files_are_for_who_exports_books(client_of, form, begin):
    answer = client_of("guanli").get(f"{PAGE}file/{form}/")
    assert answer.status_code == 200 and answer.content.startswith(begin)
    assert "attachment" in answer["Content-Disposition"] and f".{form}" in answer["Content-Disposition"]
    assert client_of("jingban").get(f"{PAGE}file/{form}/").status_code == 404
    assert client_of("guanli").get(f"{PAGE}file/exe/").status_code == 404
    assert "下载 PDF" in client_of("guanli").get(PAGE).content.decode()
    assert "下载 PDF" not in client_of("jingban").get(PAGE).content.decode()


def test_without_a_chinese_font_the_page_says_what_to_do(client_of, settings, tmp_path):
    settings.FONT_FOLDERS = [str(tmp_path)]
    answer = client_of("guanli").get(f"{PAGE}file/pdf/")
    assert answer.status_code == 409 and "fonts-noto-cjk" in answer.content.decode()
