"""T-23: the browser's sums are the server's, from the same declarations: random predicates and random rows."""

import json
import random
import subprocess
from pathlib import Path

from budget.grids import totals
from budget.reporting.money import LIMIT_FEN
from budget.reporting.where import And, Not, Or, Where
from tests.factories import make_item, make_line
from tests.grids.speaking import cells
from tests.node import NODE_PROGRAM

SCRIPT = Path(__file__).parents[2] / "static" / "grid-totals.js"
VALUES = {
    "category": ("1", "21", "22", "3", ""),
    "item": ("a", "b", "c", "d"),
    "function": ("2060101", "2060499", "2080505", ""),
    "economic": ("30101", "30201", "30211", "31002", ""),
    "government": ("50101", "50201", "50502", ""),
    "fund": ("11111", "11112", "121", "2", "31", ""),
    "carried_over": (True, False),
}
NODE = """
const totals = require(process.argv[1]);
const grids = JSON.parse(require("fs").readFileSync(0, "utf8"));
const answers = grids.map(function (grid) {
  const add = totals.prepare(grid.totals);
  const sums = add(grid.facts.map(function (fact) {
    const signed = totals.signed(Object.assign({}, fact, { fen: BigInt(fact.fen) }));
    return signed;
  }));
  return Object.fromEntries(Object.entries(sums).map(function (one) { return [one[0], one[1].toString()]; }));
});
process.stdout.write(JSON.stringify(answers));
"""


def predicate(chance: random.Random, depth: int = 0):
    kind = chance.random()
    if depth < 3 and kind < 0.15:
        return And(tuple(predicate(chance, depth + 1) for _ in range(chance.randint(0, 3))))
    if depth < 3 and kind < 0.3:
        return Or(tuple(predicate(chance, depth + 1) for _ in range(chance.randint(0, 3))))
    if depth < 3 and kind < 0.4:
        return Not(predicate(chance, depth + 1))
    tests = {}
    for name in chance.sample(list(VALUES), chance.randint(0, 3)):
        found = chance.sample(VALUES[name], chance.randint(1, 2))
        tests[name] = [
            one[: chance.randint(0, len(one))] if isinstance(one, str) and name != "item" else one for one in found
        ]
    return Where(**tests)


def random_grid(chance: random.Random) -> tuple[list[totals.Total], list[tuple]]:
    declared = [totals.Total(str(at), "", "total", predicate(chance)) for at in range(chance.randint(1, 6))]
    facts = []
    for _ in range(chance.randint(0, 30)):
        values = [chance.choice(VALUES[name]) for name in totals.DIMENSIONS]
        facts.append((*values, chance.choice((1, 7, LIMIT_FEN - 1, chance.randrange(LIMIT_FEN)))))
    return declared, facts


def differences(count: int, seed: int) -> list:
    """The random grids whose sums in node are not the server's."""
    chance = random.Random(seed)
    grids = [random_grid(chance) for _ in range(count)]
    names = (*totals.DIMENSIONS, "fen")
    asked = [
        {
            "totals": [{"key": one.key, "where": one.where.as_json()} for one in declared],
            "facts": [dict(zip(names, (*fact[:-1], str(fact[-1])), strict=True)) for fact in facts],
        }
        for declared, facts in grids
    ]
    command = [NODE_PROGRAM, "-e", NODE, str(SCRIPT)]
    told = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True, timeout=300)
    answers = json.loads(told.stdout)
    assert len(answers) == count
    ours = [{key: str(fen) for key, fen in totals.sums(declared, facts).items()} for declared, facts in grids]
    return [(grid, mine, theirs) for grid, mine, theirs in zip(grids, ours, answers, strict=True) if mine != theirs]


def test_the_browser_adds_up_what_the_server_adds_up():
    assert differences(300, seed=23) == []


def test_the_sums_are_those_of_the_plain_predicates():
    chance = random.Random(5)
    for _ in range(100):
        declared, facts = random_grid(chance)
        plain = {
            one.key: sum(
                fen for *values, fen in facts if one.where.matches(**dict(zip(totals.DIMENSIONS, values, strict=True)))
            )
            for one in declared
        }
        assert totals.sums(declared, facts) == plain


def test_the_grids_totals_are_the_lines(grid, budget):
    grid.add(cells(amount="1"), cells(economic="30202", amount="2", fund="事业收入", carried_over="是"))
    grid.add(cells(category="人员类", name="奖金", economic="30103", amount="4"))
    make_line(make_item(budget, "项目", "3"), 100)
    found = {total["label"]: int(total["fen"]) for total in grid.state()["totals"]}
    assert found["合计"] == 7_000_000 and found["其中：上年结转"] == 2_000_000
    assert found["人员类小计"] == 4_000_000 and found["公用经费小计"] == 3_000_000
    assert found["一般公共预算"] == 5_000_000 and found["办公费（行政）"] == 3_000_000
