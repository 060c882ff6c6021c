"""What holds for every address: who may come in, what a stranger is told, and what is kept by browsers."""

from uuid import uuid4

import pytest
from django.test import Client

from budget.models import Item
from tests.factories import make_budget
from tests.web.conftest import AT
from tests.web.rights import addresses, filled
from tests.web.rights_world import KEPT
from tests.web.rules import ABSENT, OPEN, PUBLISHED, RULES, Rule

SAMPLES = {
    "unit": "566001",
    "year": "2024",
    "stage": "second",
    "key": "expenditure",
    "kind": "function",
    "what": "indicators",
    "form": "docx",
    "number": "1",
    "address": "tables/",
}
# they lead on, or have tests of their own
ELSEWHERE = {"home", "organisation", "login", "codes", "progress", "document-file", "second-factor"} | {
    "publications",
    "publication-receipt",
}


def pages(item):
    """(rule, name, address) of every page that opens by what it is of, staged or not; none that is public."""
    for name, route in addresses():
        rule = RULES.get(name, Rule())
        if (
            rule.get not in (PUBLISHED, ABSENT)
            and rule.is_bare
            and not rule.is_json
            and not any(f":{kept}>" in route for kept in KEPT)
        ):
            yield rule, name, filled(route, {**SAMPLES, "uid": str(item.uid), "comment": str(uuid4())})


@pytest.fixture
def project(budget):
    return Item.objects.projects().filter(budget=budget).first()


def test_every_page_but_the_log_in_asks_for_one(project):
    anybody = Client()
    for rule, _, address in pages(project):
        for method in ("GET", "POST"):
            response = anybody.generic(method, address)
            if OPEN not in (rule.get, rule.post):
                assert response.status_code == 302, address
                assert response.headers["Location"].startswith("/login/?next="), address
            elif rule.need(method):
                assert response.status_code == 200, address


def test_every_page_opens_for_the_clerk(project, clerk):
    for rule, name, address in pages(project):
        if rule.get and name not in ELSEWHERE:
            assert clerk.get(address).status_code == 200, address
    assert clerk.get("/").headers["Location"] == AT


def test_pages_without_a_form_are_read_only(project, clerk):
    for rule, _, address in pages(project):
        if not rule.post:
            assert clerk.post(address).status_code == 405, address


def test_what_is_not_there_and_what_is_not_ours_are_the_same(project, strange, clerk, outsider):
    make_budget("566002", stage="first")  # beside ours, not below it

    def bodies(client, addresses):
        for address in addresses:
            response = client.get(address)
            assert response.status_code == 404, address
            yield response.content

    parts = [
        "",
        "tables/",
        "tables/expenditure/",
        "lines/",
        "items/",
        "projects/",
        "indicators/",
        f"projects/{project.uid}/",
    ]
    queries = ["", "?format=xlsx", "?format=json"]
    nowhere = [f"/{unit}/2024/second/{page}" for unit in ("566", "777001", "777", "566002", "999999") for page in parts]
    no_budget = [
        f"/566001/{rest}/{page}" for rest in ("2023/second", "2024/first", "2024/approved", "2099") for page in parts
    ]
    not_in_it = [
        f"{AT}tables/nothing/",
        f"{AT}tables/expenditure/?row=nothing&column=total",
        f"{AT}tables/expenditure/?row=total&column=nothing",
        f"{AT}tables/expenditure/?row=total",
        f"{AT}tables/expenditure/?format=exe",
        f"{AT}tables/?format=exe",
        f"{AT}lines/?format=exe",
        f"{AT}lines/?table=nothing",
        f"{AT}lines/?item={uuid4()}",
        f"{AT}lines/?item=nothing",
        f"{AT}projects/{uuid4()}/",
        f"{AT}projects/{Item.objects.basic().filter(budget=project.budget).first().uid}/",
    ]
    found = {
        *bodies(clerk, [address + query for address in nowhere for query in queries]),
        *bodies(clerk, [*no_budget, *not_in_it, "/nothing/", "/566001/nothing/"]),
        *bodies(outsider, [f"/566001/2024/second/{page}" for page in parts]),
    }
    assert len(found) == 1


def test_the_page_of_a_unit_leads_to_its_newest_year(clerk):
    response = clerk.get("/566001/", follow=True)
    assert response.redirect_chain == [("/566001/2024/", 302)]
    assert clerk.get("/566/").status_code == clerk.get("/999/").status_code == 404


def test_without_a_stage_the_current_one_is_shown(clerk):
    for page in ("", "tables/expenditure/"):
        response = clerk.get(f"/566001/2024/{page}")
        assert f'<link rel="canonical" href="{AT}{page}">' in response.text
        assert 'rel="canonical"' not in clerk.get(f"{AT}{page}").text


def test_health_says_ok_to_anybody(db, client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/health")
    assert (response.status_code, response.text) == (200, "ok")


def test_log_in_and_out(budget, client):
    wrong = client.post("/login/", {"username": "jingban", "password": "wrong"})
    assert "用户名或密码不正确" in wrong.text
    right = client.post("/login/?next=/566001/2024/", {"username": "jingban", "password": "Mingzhang-2024"})
    assert right.headers["Location"] in ("/566001/2024/", "/")
    assert client.get(AT).status_code == 200
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get(AT).status_code == 302


def test_too_many_wrong_passwords_lock_in_chinese(budget, client, settings):
    settings.AXES_ENABLED = True
    for _ in range(settings.AXES_FAILURE_LIMIT):
        response = client.post("/login/", {"username": "jingban", "password": "wrong"})
    assert response.status_code == 429
    assert "暂时锁定" in response.text


@pytest.mark.parametrize("code", [400, 403, "403_csrf", 404, 500])
def test_error_pages_speak_chinese_and_need_nothing(code):
    from django.template.loader import render_to_string

    text = render_to_string(f"{code}.html")
    assert "回到首页" in text
    assert "csrfmiddlewaretoken" not in text


def test_roles_without_a_view_of_budgets_see_what_they_keep_and_no_amounts(client_of):
    for username in ("xitong", "anquan", "shenji"):
        client = client_of(username)
        text = client.get("/").text
        assert "您的角色不查看预算金额" in text and "393.52" not in text
        assert client.get(AT).status_code == 404
