"""The reference budget through the year over HTTP: 一上 → 控制数 → 二上 → return → 二上 → 批复, by the right people."""

from contextlib import suppress
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from budget import writing
from budget.models import Budget, ControlNumber, Line
from organisation.models import User
from tests import beginnings
from tests.cycle.world import explained, fresh, newest

pytestmark = pytest.mark.django_db
FIRST, SECOND = "/566001/2024/first/cycle/", "/566001/2024/second/cycle/"


def do(username: str, address: str, budget: Budget | None = None, **fields):
    """One thing that one person does; the page that follows."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    seen = fresh(budget) if budget else None
    posted = {"seen": f"{seen.uid}:{seen.state}:{seen.step}"} if seen else {}
    answer = client.post(address, {**posted, **fields}, follow=True)
    assert answer.status_code == 200, answer.text
    return answer


def lower(line: Line, amount: Decimal) -> None:
    edit = writing.Edit(Line, line.uid, line.version, {"amount": line.amount - amount})
    by = User.objects.get(username="jingban")
    writing.write(Budget.objects.get(pk=line.item.budget_id), [edit], by=by, via="form")


def passed(budget: Budget, address: str) -> Budget:
    """Every step of the review, each by the person whose step it is."""
    for username in ("shenhe", "zhuguan", "yewu", "yusuan"):
        if fresh(budget).state != "passed":
            do(username, f"{address}pass/", budget)
    return fresh(budget)


def test_the_reference_budget_walks_the_year(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path  # without the files of other tests
    budget = beginnings.demonstration()
    Budget.objects.filter(pk=budget.pk).update(stage="first")
    first = fresh(budget)
    total = sum(line.amount for line in Line.objects.of(first) if not line.carried_over)

    first = explained(first)
    do("jingban", f"{FIRST}submit/", first)
    assert passed(first, FIRST).state == "passed"
    do("yusuan", f"{FIRST}open/")
    second = Budget.objects.get(stage="second")

    # 控制数: finance issues to the department, which splits it, never above
    new = {"new-kind": "total", "new-fund": "", "unit_shown": "元"}
    do("yusuan", "/566/2024/second/controls/", **new, **{"new-unit": "566", "new-amount": str(total)})
    department = Client()
    department.force_login(User.objects.get(username="zhuguan"))
    much = {**new, "new-unit": "566001", "new-amount": str(total + 1)}
    assert department.post("/566/2024/second/controls/split/", much).status_code == 422
    do("zhuguan", "/566/2024/second/controls/split/", **{**much, "new-amount": str(total)})
    assert {one.unit.code: one.amount for one in ControlNumber.objects.select_related("unit")} == {
        "566": total,
        "566001": total,
    }
    line = Line.objects.of(second).select_related("item").order_by("-amount").first()
    with pytest.raises(writing.Refused, match="超过控制数"):
        lower(line, Decimal(-10000))

    # 二上, returned, changed in one line, submitted again
    do("jingban", f"{SECOND}submit/", explained(second))
    do("shenhe", f"{SECOND}pass/", second)
    do("zhuguan", f"{SECOND}return/", second, reason="请压减一万元", to="0")
    again = newest(second)
    assert (fresh(second).state, again.revision, again.state) == ("returned", 2, "draft")
    same = Line.objects.of(again).select_related("item").get(uid=line.uid)
    lower(same, Decimal(10000))
    do("jingban", f"{SECOND}submit/", explained(again))

    clerk = Client()
    clerk.force_login(User.objects.get(username="jingban"))
    page = clerk.get("/566001/2024/second/compare/?with=2024/second/1").context
    ((told, *_),) = page["rows"]  # exactly what was changed, and nothing else
    assert (told.old, told.new, told.change) == (line.amount, line.amount - 10000, Decimal(-10000))
    assert told.by == "王经办" and [one.reason for one in page["reasons"]] == ["请压减一万元"]

    passed(again, SECOND)
    do("yusuan", f"{SECOND}approve/", again, number="焦财预〔2023〕290号", day="2024-02-01")
    approved = Budget.objects.get(stage="approved")
    assert (approved.state, approved.document_number) == ("approved", "焦财预〔2023〕290号")
    assert sum(one.amount for one in Line.objects.of(approved) if not one.carried_over) == total - 10000

    books = StringIO()
    with suppress(SystemExit):
        call_command("checkbooks", stdout=books)
    assert "账目完好" in books.getvalue(), books.getvalue()
