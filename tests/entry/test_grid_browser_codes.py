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
const begun = process.hrtime.bigint();
const search = ([kind, text, near]) => codes.search(asked.index[kind], text, near).map((entry) => entry.code);
const found = asked.queries.map(search);
const each = Number((process.hrtime.bigint() - begun) / 1000n) / asked.queries.length;
console.log(JSON.stringify({ found, each }));
"""


def spelled(entry) -> str:
    """The initials of a name, as a clerk types them."""
    return "".join((one[1] if len(one) > 1 else one[0])[0] for one in entry.spellings[-1])


def test_the_browser_finds_the_codes_that_the_server_finds(clerk, budget):
    index = clerk.get(reverse("code-index"), {"year": 2024}).json()
    edition = Campaign.objects.get(year=2024).edition
    queries = []
    for kind in KINDS:
        for entry in index_of(kind, edition).entries[::7]:
            queries += [
                (kind, text, near)
                for text in (entry.code[:4], entry.name[:3], spelled(entry))
                for near in ([], ["2060101"])
            ]
    queries += [("function", text, []) for text in ("206xzyx", "2060101", "keji", "'", "２０６ 行政", "")]
    script = Path(settings.BASE_DIR) / "static" / "grid-codes.js"
    run = subprocess.run(
        [NODE_PROGRAM, "-e", SCRIPT, str(script)],
        input=json.dumps({"index": index, "queries": queries}),
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(run.stdout)
    wrong = [
        (query, found, wanted)
        for query, found in zip(queries, answer["found"], strict=True)
        if found != (wanted := [hit.code for hit in index_of(query[0], edition).search(query[1], near=query[2])])
    ]
    assert len(queries) > 300
    assert wrong == []
    assert answer["each"] < 100_000  # microseconds: interface, row 22
