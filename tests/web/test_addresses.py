"""What holds for every address: who may come in, what a stranger is told, and what is kept by browsers."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from budget.models import Item
from tests.factories import make_budget
from tests.web.conftest import AT

OPEN = {"login", "health"}
POSTED = {"logout", "amount-unit"}
SAMPLES = {"unit": "566001", "year": "2024", "stage": "second", "key": "expenditure"}


def addresses(item):
    """(name, address) of every page of ours that the resolver knows, with and without a stage."""

    def walk(patterns, prefix):
        for pattern in patterns:
            part = str(pattern.pattern)
            if part == "admin/":
                continue  # Django's own, which asks for a log-in itself
            if isinstance(pattern, URLPattern):
                yield pattern.name, prefix + part
            else:
                yield from walk(pattern.url_patterns, prefix + part)

    for name, route in walk(get_resolver().url_patterns, "/"):
        for key, value in {**SAMPLES, "uid": str(item.uid)}.items():
            for converter in (key, "slug", "uuid"):
                route = route.replace(f"<{converter}:{key}>", value)
        assert "<" not in route, f"{name}: no sample for {route}"
        yield name, route


@pytest.fixture
def project(budget):
    return Item.objects.projects().filter(budget=budget).first()


def test_every_page_but_the_log_in_asks_for_one(project):
    anybody = Client()
    named = dict(addresses(project))
    assert {"home", "budget", "tables", "table", "lines", "items", "projects", "project", "indicators"} <= set(named)
    for name, address in addresses(project):
        response = anybody.post(address) if name in POSTED - {"logout"} else anybody.get(address)
        if name in OPEN:
            assert response.status_code == 200, address
        elif name != "logout":
            assert response.status_code == 302, address
            assert response.headers["Location"].startswith("/login/?next="), address


def test_every_page_opens_for_the_clerk_and_nothing_is_stored(project, clerk):
    for name, address in addresses(project):
        if name in POSTED | {"login", "organisation"}:
            continue
        response = clerk.get(address)
        expected = 302 if name == "home" else 200  # one place only: straight to it
        assert response.status_code == expected, address
        assert "no-store" in response.headers["Cache-Control"], address
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self';" in policy and "unsafe" not in policy, address
        assert response.headers["X-Content-Type-Options"] == "nosniff", address


def test_pages_are_read_only(project, clerk):
    for name, address in addresses(project):
        if name not in POSTED | OPEN:
            assert clerk.post(address).status_code == 405, address


def test_what_is_not_there_and_what_is_not_ours_are_the_same(project, strange, clerk, outsider):
    make_budget("566002", stage="first")  # beside ours, not below it

    def bodies(client, addresses):
        for address in addresses:
            response = client.get(address)
            assert response.status_code == 404, address
            yield response.content

    pages = [
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
    nowhere = [f"/{unit}/2024/second/{page}" for unit in ("566", "777001", "777", "566002", "999999") for page in pages]
    no_budget = [
        f"/566001/{rest}/{page}" for rest in ("2023/second", "2024/first", "2024/approved", "2099") for page in pages
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
        *bodies(outsider, [f"/566001/2024/second/{page}" for page in pages]),
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


def test_roles_without_a_view_of_budgets_see_an_empty_home(client_of):
    for username in ("xitong", "anquan", "shenji"):
        client = client_of(username)
        assert "没有您可以查看的预算" in client.get("/").text
        assert client.get(AT).status_code == 404
