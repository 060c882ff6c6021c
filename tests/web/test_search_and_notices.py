"""The search of the top bar and the notices: each person their own."""

from django.test import Client

from budget import comments, writing
from budget.models import Duty, Item
from projects.models import Dossier
from records.models import Notice
from tests.factories import make_user
from tests.web.conftest import AT


def test_search_finds_units_items_codes_and_lines(clerk):
    context = clerk.get("/search/?q=科技").context
    assert [unit.code for unit in context["units"].rows] == ["566001"]
    assert "科技经费" in [item.name for item in context["items"].rows]
    assert {code.code for _, code in context["codes"].rows} >= {"2060404", "2069901"}
    assert {line.function.code for line in context["lines"].rows} == {"2069901"}


def test_search_by_code_and_by_several_words(clerk):
    context = clerk.get("/search/?q=2060101").context
    assert {line.function.code for line in context["lines"].rows} == {"2060101"}
    assert [code.code for _, code in context["codes"].rows] == ["2060101"]
    items = clerk.get("/search/?q=2024年+活动").context["items"].rows
    assert [item.name for item in items] == ["2024年“万人助万企”活动"]


def test_hits_lead_to_their_pages(clerk):
    context = clerk.get("/search/?q=办公费").context
    for rows in (context["item_rows"], clerk.get("/search/?q=2060101").context["line_rows"]):
        for _, address in rows:
            assert clerk.get(address).status_code == 200


def test_search_keeps_to_the_persons_units(strange, clerk, client_of):
    assert "不可见的项目" not in clerk.get("/search/?q=不可见").content.decode().replace("“不可见”", "")
    assert "没有找到" in clerk.get("/search/?q=不可见").text
    assert "没有找到" in clerk.get("/search/?q=777001").text
    assert "不可见的项目" in client_of("yusuan").get("/search/?q=不可见").text
    for username in ("xitong", "anquan", "shenji"):
        context = client_of(username).get("/search/?q=科技").context
        assert not context["units"] and not context["items"] and not context["lines"] and context["codes"]


def test_search_finds_what_was_written(budget, clerk, client_of):
    item = Item.objects.projects().filter(budget=budget).first()
    dossier = Dossier.objects.get(item=item)
    words = f"{'前' * 60}依据某号纪要{'后' * 60}"
    writing.write(budget, [writing.Edit(Dossier, dossier.uid, dossier.version, {"basis": words})], by=None, via="form")
    writing.write(budget, [writing.Add(Duty(budget=budget, text="某号纪要所列职责"))], by=None, via="form")
    comments.add(
        budget, by=make_user("department", "566"), text="请附某号纪要", subject="budget.item", subject_uid=item.uid
    )
    context = clerk.get("/search/?q=某号+纪要").context
    texts = context["texts"].rows
    assert {one.kind for one in texts} == {"主要职责", f"{item.name}：项目档案"} and len(texts) == 2
    assert all("某号" in one.text and len(one.text) < 80 for one in texts)
    (remark,) = context["remarks"].rows
    assert remark.text == "请附某号纪要"
    for one in (*texts, remark):
        assert clerk.get(one.address).status_code == 200
    for username in ("xitong", "anquan", "shenji"):
        context = client_of(username).get("/search/?q=某号+纪要").context
        assert not context["texts"] and not context["remarks"] and context["nothing"]
    other = make_user("clerk", "566002")
    client = Client()
    client.force_login(other)
    assert client.get("/search/?q=某号+纪要").context["nothing"]


def test_search_for_nothing_and_for_much(clerk):
    assert "在页面顶部输入" in clerk.get("/search/").text
    assert "在页面顶部输入" in clerk.get("/search/?q=++").text
    assert clerk.get("/search/", {"q": "一" * 5000}).status_code == 200
    assert clerk.get("/search/", {"q": "%_'\"<script>"}).status_code == 200
    many = clerk.get("/search/?q=2").context
    assert many["lines"].has_more and len(many["lines"].rows) == 20


def notice(user, event="a", **fields):
    return Notice.objects.create(user=user, event=event, **{"text": f"通知{event}", "link": AT, **fields})


def test_notices_are_counted_read_and_kept(budget, client):
    user = make_user("clerk", "566001")
    client.force_login(user)
    first, second = notice(user, "甲"), notice(user, "乙", link="https://example.com/")
    page = client.get("/notices/")
    assert "2 条未读" in page.text and f'<a href="{AT}">通知甲</a>' in page.text
    assert "example.com" not in page.text
    assert '<span class="badge">2' in client.get(AT).text
    assert client.get("/notices/").context["unread_notices"] == 2  # looking is not reading
    assert client.post("/notices/read/", {"notice": first.pk}).status_code == 302
    assert client.get("/notices/").context["unread_notices"] == 1
    client.post("/notices/read/")
    second.refresh_from_db()
    assert second.read and '<span class="badge">' not in client.get(AT).text
    assert "已读" in client.get("/notices/").text


def test_nobody_reads_anothers_notices(budget, client):
    client.force_login(make_user("clerk", "566001"))
    other = notice(make_user("clerk", "566001"), "丙")
    assert "通知丙" not in client.get("/notices/").text
    for wanted in (other.pk, 999999, "x", "9" * 30):
        assert client.post("/notices/read/", {"notice": wanted}).status_code == 404
    client.post("/notices/read/")
    other.refresh_from_db()
    assert other.read is None
