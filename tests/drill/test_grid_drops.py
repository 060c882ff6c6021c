"""Saving by itself over a bad line: answers lost, requests lost, requests twice, then no line at all (T-29)."""

import random
import time

import pytest
from playwright.sync_api import expect

from budget.models import Item, Line
from tests.entry.grid_page import Sheet, sheet
from tests.web.test_browser import complaints, loaded, log_in

__all__ = ["complaints", "loaded", "log_in", "sheet"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EDITS, OFFLINE = 150, 30
LOST_REQUEST, LOST_ANSWER, TWICE = 0.1, 0.1, 0.05


def test_what_was_typed_last_is_stored_once(sheet, context):
    at: Sheet = sheet()
    chance, fates = random.Random(29), []

    def answer(route):
        drawn = chance.random()
        fate = "through"
        if drawn < LOST_REQUEST:
            fate = "request lost"
        elif drawn < LOST_REQUEST + LOST_ANSWER:
            fate = "answer lost"
        elif drawn < LOST_REQUEST + LOST_ANSWER + TWICE:
            fate = "twice"
        fates.append(fate)
        if fate in ("answer lost", "twice"):
            route.fetch()
        if fate in ("request lost", "answer lost"):
            route.abort()
        else:
            route.continue_()

    at.page.route("**/save/", answer)
    typed = {}
    for number in range(EDITS):
        row = chance.randrange(10)
        amount = f"{chance.randrange(1, 999)}.{chance.randrange(10, 99)}"
        at.cell(row + 1, "金额").click()
        at.keys.type(amount)
        at.keys.press("Enter")
        typed[row] = amount
        at.page.wait_for_timeout(chance.choice((50, 300, 1500)))
        if number == EDITS // 2:
            context.set_offline(True)
            begun = time.monotonic()
        if number > EDITS // 2 and begun and time.monotonic() - begun > OFFLINE:
            context.set_offline(False)
            begun = 0
    context.set_offline(False)
    expect(at.state).to_contain_text("已保存", timeout=60_000)
    names = {row: at.cell(row + 1, "项目名称").inner_text() for row in typed}
    stored = {row: f"{Line.objects.get(item__name=name).amount / 10000:.2f}" for row, name in names.items()}
    lost = {row: (typed[row], stored[row]) for row in typed if stored[row] != typed[row]}
    counts = {fate: fates.count(fate) for fate in sorted(set(fates))}
    print(
        f"\n{EDITS} edits, {OFFLINE} s without a line, saves {counts}: lost {len(lost)}, lines {Line.objects.count()}"
    )
    assert lost == {}
    assert Item.objects.basic().count() == 31
    assert Line.objects.filter(item__in=Item.objects.basic()).count() == 33
