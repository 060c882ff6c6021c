"""Codes are found by number, name, pinyin and initials, in few keystrokes and little time."""

import json
from itertools import islice, product
from pathlib import Path

import pytest
from django.test import Client

from budget.entry.search import index_of
from tests.factories import make_campaign
from tests.timing import least_seconds

pytestmark = pytest.mark.one_database  # an index in memory

WANTED = json.loads((Path(__file__).parent / "codes.json").read_text("utf-8"))


@pytest.fixture
def edition(db):
    return make_campaign().edition


@pytest.mark.parametrize(
    "typed", ["2069901", "科技奖励", "科技奖", "kjjl", "keji", "kejijiangli", "kjjiangli", "科jjl"]
)
def test_one_code_is_found_in_every_way(edition, typed):
    assert "2069901" in [hit.code for hit in index_of("function", edition).search(typed)]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("206xzyx", "2060101"), ("206 行政", "2060101"), ("xingzheng206", "2060101"), ("２０６０１０１", "2060101")],
)
def test_number_and_name_go_together(edition, typed, code):
    assert index_of("function", edition).search(typed)[0].code == code


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("economic", "hyf", "30215"),  # 会 hui, kuai
        ("economic", "kyf", "30215"),
        ("economic", "qtjtfy", "30239"),
        ("economic", "chanfei", "30212"),
        ("fund", "ybgg", "11111"),
        ("fund", "一般公共预算", "11111"),
        ("government", "gzjj", "50101"),
    ],
)
def test_heteronyms_and_other_classifications(edition, kind, typed, code):
    hits = [hit.code for hit in index_of(kind, edition).search(typed)]
    assert (code in hits) is (typed != "chanfei")


def test_leaves_come_first_and_neighbours_of_what_is_in_use(edition):
    index = index_of("function", edition)
    hits = index.search("206")
    assert all(hit.is_leaf for hit in hits[:6])
    assert index.search("xzyx", near=["2060101"])[0].code == "2060101"
    assert index.search("xzyx", near=["2130199"])[0].code == "2130101"


def test_95_of_100_codes_are_found_in_four_keystrokes(edition):
    missed = [
        f"{kind} {code}"
        for kind, codes in WANTED.items()
        for code in codes
        if not any(
            code in [hit.code for hit in index_of(kind, edition).search(typed)]
            for typed in ways(index_of(kind, edition).by_code[code])
        )
    ]
    count = sum(len(codes) for codes in WANTED.values())
    assert count >= 100
    assert len(missed) <= count // 20, missed


def ways(entry):
    """What a clerk types, at most four keystrokes: the number, initials, pinyin, or 类 and initials."""
    spoken = [character[1] if len(character) > 1 else character[0] for character in entry.spellings[0]]
    initials = "".join(reading[0] for reading in spoken)
    yield entry.code[:4]
    yield initials[:4]
    yield "".join(spoken)[:4]
    yield entry.code[:3] + initials[:1]
    yield entry.code[:2] + initials[:2]


@pytest.mark.benchmark
def test_a_search_takes_as_long_as_looking_at_every_reading_some_times(edition):
    index = index_of("function", edition)
    queries = ["".join(one) for one in islice(product("xzkjq", repeat=3), 40)] + ["2", "q", "其他", "zzzz"]

    def search():
        for query in queries:
            index.search(query, near=["2060101", "2080505"])

    def look():
        for query in queries:
            for entry in index.entries:
                [query in reading for name in entry.spellings for character in name for reading in character]

    bare, searching = least_seconds(look, search)
    print(f"\n查编码：{searching / len(queries) * 1000:.1f} ms，逐个读音看一遍的 {searching / bare:.2f} 倍")
    assert searching <= 30 * bare


def test_the_address_answers_who_is_logged_in(clerk, edition):
    answer = clerk.get("/codes/economic/?year=2024&q=jbgz").json()
    first = answer["hits"][0]
    assert (first["code"], first["shown"], first["leaf"]) == ("30101", "30101 基本工资", True)
    assert first["government"]["行政"].startswith("50101") and first["government"]["事业"].startswith("50501")
    assert clerk.get("/codes/economic/?year=2024&q=").json() == {"hits": []}
    for wrong in ("/codes/x/?year=2024&q=a", "/codes/fund/?q=a", "/codes/fund/?year=1999&q=a"):
        assert clerk.get(wrong).status_code == 404
    assert Client().get("/codes/economic/?year=2024&q=jbgz").status_code == 302
    for strange in ("%00", "a" * 5000, "😀", "'\"<>", "%"):
        assert clerk.get("/codes/function/", {"year": "2024", "q": strange}).status_code == 200
