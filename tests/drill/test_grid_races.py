"""T-25 ⊖, T-29 and T-23 in full: 50 editors on 5 cells for a minute, bad networks, 10,000 random grids."""

import pytest

from budget.grids import saving
from tests.factories import make_budget, make_campaign, make_user
from tests.grids.racing import race, type_over_a_bad_network
from tests.grids.speaking import Grid
from tests.grids.test_races import check_what_was_typed
from tests.grids.test_totals import differences

EDITORS, CELLS, SECONDS = 50, 5, 60
NETWORKS, STEPS = 20, 200
GRIDS = 10_000


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_checked", [True, False], ids=["versions compared", "versions not compared"])
def test_fifty_editors_on_five_cells_lose_nothing(monkeypatch, is_checked):
    budget = make_budget(campaign=make_campaign(entry_step=1))
    users = [make_user("clerk", budget.unit) for _ in range(EDITORS)]
    if not is_checked:
        monkeypatch.setattr(saving, "_clash", lambda *_: None)
    outcome = race(users, rows=CELLS, seconds=SECONDS if is_checked else SECONDS / 4)
    print(f"\n{'比较版本' if is_checked else '不比较版本（对照）'} {outcome}")
    assert outcome.failed == []
    assert outcome.accepted > 0
    assert (outcome.lost == 0) is is_checked


def test_bad_networks_neither_lose_nor_double(db):
    typed = dropped = repeated = 0
    for seed in range(NETWORKS):
        budget = make_budget(f"{600 + seed}001")
        user = make_user("clerk", budget.unit)
        grid = Grid(user)
        grid.at = grid.at.replace("566001", budget.unit.code)
        typist = type_over_a_bad_network(grid, steps=STEPS, seed=seed)
        check_what_was_typed(grid, typist, user, budget)
        typed, dropped, repeated = typed + STEPS, dropped + typist.dropped, repeated + typist.repeated
    print(f"\n键入 {typed} 次，丢失应答 {dropped} 次，重复请求 {repeated} 次：无丢失，无重复")


def test_the_browser_adds_up_what_the_server_adds_up():
    assert differences(GRIDS, seed=1) == []
    print(f"\n{GRIDS} 张随机表：浏览器与服务器合计一致")
