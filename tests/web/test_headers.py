"""T-40: what every response is told, error pages and static files too."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client, override_settings
from django.urls import path

from budget.models import Item
from config import urls
from publication.public import drawing
from tests.publication.versions import put
from tests.web.conftest import AT
from tests.web.rights import addresses, filled
from tests.web.rights_world import KEPT
from tests.web.rules import RULES, Rule

pytestmark = pytest.mark.one_database

POLICY = {
    "default-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


PUBLIC = ("/public/", "/robots.txt")


def breaks(request):
    raise RuntimeError("on purpose")


def suspicious(request):
    raise SuspiciousOperation("on purpose")


urlpatterns = [*urls.urlpatterns, path("breaks", breaks), path("suspicious", suspicious)]


def check(response):
    headers = response.headers
    assert {part.strip() for part in headers["Content-Security-Policy"].split(";")} == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    is_public = response.request["PATH_INFO"].startswith(PUBLIC) and response.status_code == 200
    if is_public:
        assert headers["Cache-Control"].startswith("public, max-age=")
        assert "Set-Cookie" not in headers and "Cookie" not in headers.get("Vary", "")
    else:
        assert "no-store" in headers["Cache-Control"]
    assert "Server" not in headers and "X-Powered-By" not in headers


@pytest.fixture
def arguments(budget):
    put("566001")
    uid = str(Item.objects.projects().filter(budget=budget).first().uid)
    return {
        "unit": "566001",
        "year": "2024",
        "stage": "second",
        "key": "expenditure",
        "uid": uid,
        "kind": "function",
        "what": "indicators",
        "form": "docx",
        "number": "1",
        "address": "tables/expenditure/",
        "name": drawing.asset("public.css")[0],
        "comment": uid,
        **dict.fromkeys(KEPT, uid),
    }


@pytest.mark.parametrize(("turn", "username"), list(enumerate(["jingban", "yusuan", "xitong", None])))
def test_every_address_by_every_method(turn, username, arguments, client_of):
    """The clerk asks every address by every method, the others by one in turn: headers know no roles."""
    client = client_of(username) if username else Client()
    asked = set()
    for at, (name, route) in enumerate(addresses()):
        methods = ("GET", "HEAD", "PUT") + (("POST",) if not RULES.get(name, Rule()).post else ())
        is_same_view = "<stage:" not in route and "<year:" in route and not route.startswith(PUBLIC)
        if username != "jingban" or is_same_view:  # that view has an address with the stage
            methods = (methods[(at + turn) % len(methods)],)
        for method in methods:
            check(client.generic(method, filled(route, arguments)))
            asked.add(method)
    assert asked == {"GET", "HEAD", "PUT", "POST"}
    check(client.get(f"{AT}tables/?format=xlsx"))
    check(client.get("/nothing/"))


@override_settings(ROOT_URLCONF="tests.web.test_headers")
def test_error_pages(clerk):
    clerk.raise_request_exception = False
    for address, status in (("/breaks", 500), ("/suspicious", 400), ("/nothing/", 404)):
        response = clerk.get(address)
        assert response.status_code == status
        assert "on purpose" not in response.text and "回到首页" in response.text
        check(response)


def test_a_form_without_its_token_is_refused(budget, client_of):
    client = Client(enforce_csrf_checks=True)
    client.cookies = client_of("jingban").cookies
    for name, route in addresses():
        if RULES.get(name, Rule()).post and "<" not in route:
            response = client.post(route, {"amount_unit": "元", "list": "lines"})
            assert response.status_code == 403, route
            check(response)


def test_static_files(db, client):
    for name in ("mingzhang.css", "mingzhang.js", "icon.svg"):
        response = client.get(f"/static/{name}")
        assert response.status_code == 200
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        response.close()
