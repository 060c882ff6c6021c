"""The index that the grid searches by itself gives what the server's search gives."""

import json
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from budget.entry.search import KINDS, index_of
from budget.models import Campaign
from tests.node import NODE_PROGRAM

pytestmark = pytest.mark.one_database

SCRIPT = """
const codes = require(process.argv[1]);
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
const search = ([kind, text, near]) => codes.search(asked.index[kind], text, near).map((entry) => entry.code);
const found = asked.queries.map(search);
const look = ([kind, text]) => asked.index[kind].map((entry) =>
  entry.spellings.map((name) => name.map((character) => character.map((reading) => reading.includes(text)))));
const least = (one) => Math.min(...Array.from({ length: asked.rounds }, () => {
  const begun = process.cpuUsage();
  asked.queries.forEach(one);
  const spent = process.cpuUsage(begun);
  return spent.user + spent.system;
}));
console.log(JSON.stringify({ found, times: [least(look), least(search)] }));
"""


def spelled(entry) -> str:
    """The initials of a name, as a clerk types them."""
    return "".join((one[1] if len(one) > 1 else one[0])[0] for one in entry.spellings[-1])


def in_the_browser(client, queries, rounds: int = 0) -> dict:
    """What the script of the grid finds for each query, and the least microseconds of the rounds: bare, searching."""
    index = client.get(reverse("code-index"), {"year": 2024}).json()
    script = Path(settings.BASE_DIR) / "static" / "grid-codes.js"
    run = subprocess.run(
        [NODE_PROGRAM, "-e", SCRIPT, str(script)],
        input=json.dumps({"index": index, "queries": queries, "rounds": rounds}),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


def asked_of(step: int) -> list[tuple]:
    """(kind, text, codes in use) for each so manieth code: by number, by name, by initials."""
    edition = Campaign.objects.get(year=2024).edition
    queries = [
        (kind, text, near)
        for kind in KINDS
        for entry in index_of(kind, edition).entries[::step]
        for text in (entry.code[:4], entry.name[:3], spelled(entry))
        for near in ([], ["2060101"])
    ]
    return queries + [("function", text, []) for text in ("206xzyx", "2060101", "keji", "'", "２０６ 行政", "")]


def test_the_browser_finds_the_codes_that_the_server_finds(clerk, budget):
    edition = Campaign.objects.get(year=2024).edition
    queries = asked_of(17)
    wrong = [
        (query, found, wanted)
        for query, found in zip(queries, in_the_browser(clerk, queries)["found"], strict=True)
        if found != (wanted := [hit.code for hit in index_of(query[0], edition).search(query[1], near=query[2])])
    ]
    assert len(queries) > 300
    assert wrong == []


@pytest.mark.benchmark
def test_the_browser_takes_as_long_as_looking_at_every_reading_a_few_times(clerk, budget):
    queries = asked_of(70)
    bare, searching = in_the_browser(clerk, queries, rounds=7)["times"]
    print(f"\n浏览器查编码：{searching / len(queries) / 1000:.1f} ms，逐个读音看一遍的 {searching / bare:.2f} 倍")
    assert searching <= 3 * bare
