"""Log-ins, the demonstration budget, and pages that can be typed into as a browser would."""

import pytest
from django.test import Client

from budget.models import Item
from organisation.models import User
from tests.entry.pages import AT, Page
from tests.web.conftest import budget, clerk, client_of, outsider, strange

__all__ = ["budget", "clerk", "client_of", "open_page", "outsider", "strange"]


@pytest.fixture
def open_page(budget):
    """Open a page as a person and get it as a form: open_page("basic/form/")."""

    def open_(path: str = "basic/form/", username: str = "jingban", *, status: int = 200) -> Page:
        client = Client()
        client.force_login(User.objects.get(username=username))
        page = Page(client, path if path.startswith("/") else AT + path)
        assert page.status == status
        return page

    return open_


@pytest.fixture
def project(budget):
    return Item.objects.projects().get(name="补充解放区科技贷款贴息专项资金")
