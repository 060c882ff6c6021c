"""What is empty says what belongs there, and offers the first step to who may take it, to nobody else."""

import pytest
from django.test import Client

from tests.factories import make_budget, make_user

AT = "/566001/2024/second/"
STEPS = {
    "lines/": ("basic/", "import/", "copy/"),
    "items/": ("basic/", "import/"),
    "projects/": ("projects/new/", "import/", "copy/"),
    "indicators/": ("performance/", "projects/"),
}
WORDS = {
    "comments/": "审核人",
    "compare/": "只有一份预算",
    "controls/": "控制数由财政下达",
    "income/": "还没有收入",
    "/jobs/": "还没有后台任务",
    "/notices/": "还没有通知",
    "/waiting/": "会列在这里",
}


def empty_of(user, path: str) -> str:
    """The sentence of an empty page."""
    client = Client()
    client.force_login(user)
    page = client.get(path if path.startswith("/") else AT + path).content.decode()
    return page.partition('<p class="empty">')[2].partition("</p>")[0]


@pytest.mark.django_db
@pytest.mark.parametrize("path", STEPS)
def test_the_first_step_is_offered_to_who_may_take_it(path):
    budget = make_budget()
    told = empty_of(make_user("clerk", budget.unit), path)
    assert told.startswith("还没有")
    assert all(f'href="{AT}{step}"' in told for step in STEPS[path])
    looking = empty_of(make_user("reviewer", budget.unit), path)
    assert looking.startswith("还没有") and "href" not in looking


@pytest.mark.django_db
@pytest.mark.parametrize("path", WORDS)
def test_what_belongs_on_a_page_is_said_while_there_is_nothing(path):
    budget = make_budget()
    assert WORDS[path] in empty_of(make_user("clerk", budget.unit), path)
